//! The answers, computed from the raw files by SQL in SQLite: another path than the packages
//! take, so that an error in one does not hide in the other.

use std::path::Path;

use anyhow::{Context, bail, ensure};
use rusqlite::{Connection, params};

use super::data::{CATEGORIES, Generated};

/// One comparison: what the raw files say against what the packages wrote.
struct Check {
    name: &'static str,
    expected: &'static str,
    actual: &'static str,
}

const CENTS: &str = "CAST(ROUND(CAST({} AS REAL) * 100) AS INTEGER)";

/// `{cents:x}` in the texts below stands for the value of column x in cents.
const CHECKS: &[Check] = &[
    Check {
        name: "staged customers",
        expected: "SELECT CAST(id AS INTEGER), trim(name), lower(trim(email)), city, upper(country), birth, {cents:credit}, \
                   CASE WHEN 2024 - substr(birth, 1, 4) < 30 THEN 'young' WHEN 2024 - substr(birth, 1, 4) < 60 THEN 'middle' ELSE 'senior' END \
                   FROM raw_customer WHERE good",
        actual: "SELECT CustomerId, Name, Email, City, Country, BirthDate, {cents:CreditLimit}, AgeGroup FROM staging.Customer",
    },
    Check {
        name: "rejected customers, with their text and error code",
        expected: "SELECT line, CASE WHEN length(city) > 30 THEN -1071607675 ELSE -1071607676 END FROM raw_customer WHERE NOT good",
        actual: "SELECT RawRow, ErrorCode FROM staging.CustomerReject",
    },
    Check {
        name: "staged products, the first of each code",
        expected: "SELECT code, name, category, {cents:price} FROM raw_product p \
                   WHERE number = (SELECT MIN(number) FROM raw_product q WHERE q.code = p.code)",
        actual: "SELECT ProductCode, Name, Category, {cents:Price} FROM staging.Product",
    },
    Check {
        name: "staged orders",
        expected: "SELECT order_id, line, day, customer, product, quantity, {cents:price}, remark, file FROM raw_order WHERE quantity > 0",
        actual: "SELECT OrderId, LineNumber, OrderDate, CustomerId, ProductCode, Quantity, {cents:UnitPrice}, Remark, FileName FROM staging.SalesOrder",
    },
    Check {
        name: "order lines without quantity",
        expected: "SELECT order_id, line, quantity, file FROM raw_order WHERE quantity <= 0",
        actual: "SELECT OrderId, LineNumber, Quantity, FileName FROM staging.OrderReject",
    },
    Check {
        name: "date dimension",
        expected: "SELECT 366, '2024-01-01', '2024-12-31', 104, 20241231",
        actual: "SELECT COUNT(*), MIN(FullDate), MAX(FullDate), SUM(IsWeekend), MAX(DateKey) FROM dw.DimDate",
    },
    Check {
        name: "customer dimension",
        expected: "SELECT CAST(r.id AS INTEGER), coalesce(b.Name, trim(r.name)), lower(trim(r.email)), r.city, {cents:r.credit} \
                   FROM raw_customer r LEFT JOIN before.DimCustomer b ON b.CustomerId = CAST(r.id AS INTEGER) WHERE r.good \
                   UNION ALL SELECT b.CustomerId, b.Name, b.Email, b.City, {cents:b.CreditLimit} FROM before.DimCustomer b \
                   WHERE b.CustomerId NOT IN (SELECT CAST(id AS INTEGER) FROM raw_customer WHERE good)",
        actual: "SELECT CustomerId, Name, Email, City, {cents:CreditLimit} FROM dw.DimCustomer",
    },
    Check {
        name: "log of new and changed customers, all of the first batch",
        expected: "SELECT 1, CAST(r.id AS INTEGER), CASE WHEN b.CustomerId IS NULL THEN 'new' ELSE 'changed' END \
                   FROM raw_customer r LEFT JOIN before.DimCustomer b ON b.CustomerId = CAST(r.id AS INTEGER) WHERE r.good \
                   AND (b.CustomerId IS NULL OR b.Email <> lower(trim(r.email)) OR b.City <> r.city OR {cents:b.CreditLimit} <> {cents:r.credit})",
        actual: "SELECT BatchId, CustomerId, Change FROM dw.CustomerChange",
    },
    Check {
        name: "product dimension",
        expected: "SELECT DISTINCT code, category FROM raw_product",
        actual: "SELECT ProductCode, Category FROM dw.DimProduct",
    },
    Check {
        name: "sales facts",
        expected: "SELECT order_id, line, date_key, customer_known, product, quantity, amount, discount, amount - discount FROM sale",
        actual: "SELECT f.OrderId, f.LineNumber, f.DateKey, coalesce(c.CustomerId, f.CustomerKey), p.ProductCode, f.Quantity, \
                 {cents:f.Amount}, {cents:f.Discount}, {cents:f.Net} FROM dw.FactSales f \
                 LEFT JOIN dw.DimCustomer c ON c.CustomerKey = f.CustomerKey LEFT JOIN dw.DimProduct p ON p.ProductKey = f.ProductKey",
    },
    Check {
        name: "mart by month and category",
        expected: "SELECT month, sale.category, SUM(amount - discount), SUM(quantity), COUNT(*), COUNT(DISTINCT customer_known), {cents:t.Target}, \
                   CASE WHEN t.Target IS NULL THEN 'n/a' WHEN SUM(amount - discount) >= {cents:t.Target} THEN 'yes' ELSE 'no' END \
                   FROM sale LEFT JOIN dw.SalesTarget t ON t.MonthName = month AND t.Category = sale.category GROUP BY month, sale.category",
        actual: "SELECT MonthName, Category, {cents:Net}, Quantity, Lines, Customers, {cents:Target}, Reached FROM dw.MartMonth",
    },
    Check {
        name: "mart by country",
        expected: "SELECT country, SUM(amount - discount), ROUND(AVG(quantity), 9), MIN(day), MAX(day) FROM sale GROUP BY country",
        actual: "SELECT Country, {cents:Net}, ROUND(AverageQuantity, 9), FirstSale, LastSale FROM dw.MartCountry",
    },
];

/// Checks that depend on which batches have run.
const BATCH_CHECKS: &[Check] = &[
    Check {
        name: "lines of unknown products, for each batch",
        expected: "SELECT b, order_id, line, product FROM raw_order, batches WHERE quantity > 0 AND product NOT IN (SELECT code FROM raw_product)",
        actual: "SELECT BatchId, OrderId, LineNumber, ProductCode FROM dw.UnknownProduct",
    },
    Check {
        name: "load log, a line for each package and batch",
        expected: "SELECT b, 'Stage Customers', (SELECT COUNT(*) FROM raw_customer WHERE good) FROM batches \
                   UNION ALL SELECT b, 'Stage Products', (SELECT COUNT(DISTINCT code) FROM raw_product) FROM batches \
                   UNION ALL SELECT b, 'Stage Orders', (SELECT COUNT(*) FROM raw_order WHERE quantity > 0) FROM batches \
                   UNION ALL SELECT b, 'Load DimDate', 366 FROM batches \
                   UNION ALL SELECT b, 'Load DimCustomer', CASE b WHEN 1 THEN (SELECT COUNT(*) FROM raw_customer WHERE good \
                     AND CAST(id AS INTEGER) NOT IN (SELECT CustomerId FROM before.DimCustomer)) ELSE 0 END FROM batches \
                   UNION ALL SELECT b, 'Load DimProduct', CASE b WHEN 1 THEN (SELECT COUNT(DISTINCT code) FROM raw_product) ELSE 0 END FROM batches \
                   UNION ALL SELECT b, 'Load FactSales', (SELECT COUNT(*) FROM sale) FROM batches \
                   UNION ALL SELECT b, 'Build Mart', (SELECT COUNT(DISTINCT month || category) FROM sale) FROM batches \
                   UNION ALL SELECT b, 'Export Sales', (SELECT COUNT(DISTINCT category) FROM raw_product) FROM batches",
        actual: "SELECT BatchId, PackageName, RowsLoaded FROM dw.LoadLog",
    },
];

/// Checks of what only the parent package does, in the second batch.
const PARENT_CHECKS: &[Check] = &[Check {
    name: "audit that the parent's event handler wrote",
    expected: "SELECT b, 'OnPostExecute', step, 'finished' FROM batches, \
                   (SELECT 'Staging' AS step UNION ALL SELECT 'Dimensions' UNION ALL SELECT 'Load FactSales' UNION ALL SELECT 'Output') WHERE b = 2",
    actual: "SELECT BatchId, Event, SourceName, Message FROM dw.Audit",
}];

/// Compares everything; fails with the first difference of each check that does not hold.
pub(crate) fn check(folder: &Path, _: &Generated, batches: i32) -> anyhow::Result<()> {
    let connection = open(folder, batches)?;
    let mut failed = Vec::new();
    let of_parent = PARENT_CHECKS.iter().filter(|_| batches > 1);
    for check in CHECKS.iter().chain(BATCH_CHECKS).chain(of_parent) {
        match compare(&connection, check).with_context(|| check.name)? {
            None => println!("    answer matches: {}", check.name),
            Some(difference) => {
                println!("    ANSWER DIFFERS: {}: {difference}", check.name);
                failed.push(check.name);
            }
        }
    }
    if let Err(error) = exports(&connection, folder) {
        println!("    ANSWER DIFFERS: exported files: {error:#}");
        failed.push("exported files");
    }
    if !failed.is_empty() {
        bail!("{} answers differ: {}", failed.len(), failed.join("; "));
    }
    Ok(())
}

/// Replaces `{cents:x}`.
fn with_cents(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{cents:") {
        let (column, tail) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(&CENTS.replace("{}", column));
        rest = tail;
    }
    out + rest
}

fn compare(connection: &Connection, check: &Check) -> anyhow::Result<Option<String>> {
    let (expected, actual) = (with_cents(check.expected), with_cents(check.actual));
    let count = |sql: &str| -> anyhow::Result<i64> {
        Ok(
            connection.query_row(&format!("SELECT COUNT(*) FROM ({sql})"), [], |row| {
                row.get(0)
            })?,
        )
    };
    let (rows, got) = (count(&expected)?, count(&actual)?);
    let missing = first_of(
        connection,
        &format!("SELECT * FROM ({expected}) EXCEPT SELECT * FROM ({actual})"),
    )?;
    let surplus = first_of(
        connection,
        &format!("SELECT * FROM ({actual}) EXCEPT SELECT * FROM ({expected})"),
    )?;
    if rows == got && missing.is_none() && surplus.is_none() {
        ensure!(rows > 0, "nothing to compare");
        return Ok(None);
    }
    let show = |row: Option<String>| row.unwrap_or_else(|| "none".to_owned());
    Ok(Some(format!(
        "{rows} rows expected, {got} found; missing: {}; surplus: {}",
        show(missing),
        show(surplus)
    )))
}

fn first_of(connection: &Connection, sql: &str) -> anyhow::Result<Option<String>> {
    let mut statement = connection.prepare(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let cells: Result<Vec<String>, _> = (0..columns)
        .map(|c| {
            row.get::<_, rusqlite::types::Value>(c)
                .map(|v| format!("{v:?}"))
        })
        .collect();
    Ok(Some(cells?.join(" | ")))
}

fn open(folder: &Path, batches: i32) -> anyhow::Result<Connection> {
    let connection = Connection::open_in_memory()?;
    for (file, name) in [
        ("retail.db", "dw"),
        ("staging.db", "staging"),
        ("before.db", "before"),
    ] {
        let path = folder.join(file);
        connection.execute(
            &format!("ATTACH DATABASE ? AS {name}"),
            params![path.to_string_lossy()],
        )?;
    }
    connection.execute_batch(
        "CREATE TABLE raw_customer (line, id, name, email, city, country, birth, credit, good);
         CREATE TABLE raw_product (number, code, name, category, price);
         CREATE TABLE raw_order (order_id INTEGER, line INTEGER, day, customer INTEGER, product, quantity INTEGER, price, remark, file);
         CREATE TABLE batches (b);",
    )?;
    for batch in 1..=batches {
        connection.execute("INSERT INTO batches VALUES (?)", params![batch])?;
    }
    let inbox = folder.join("inbox");
    load_customers(&connection, &inbox)?;
    load_products(&connection, &inbox)?;
    load_orders(&connection, &inbox)?;
    connection.execute_batch(
        "CREATE INDEX by_code ON raw_product (code, number);
         CREATE INDEX by_customer ON raw_customer (CAST(id AS INTEGER));
         UPDATE raw_customer SET good = id NOT GLOB '*[^0-9]*' AND date(birth) = birth AND credit NOT GLOB '*[^0-9.]*' AND length(city) <= 30;
         CREATE TABLE sale AS
         SELECT o.order_id, o.line, o.day, substr(o.day, 1, 7) AS month, CAST(replace(o.day, '-', '') AS INTEGER) AS date_key,
                coalesce(k.CustomerId, -1) AS customer_known, o.product, p.category,
                coalesce(CASE WHEN g.id IS NOT NULL THEN upper(g.country) ELSE b.Country END, '??') AS country, o.quantity,
                o.quantity * CAST(ROUND(CAST(o.price AS REAL) * 100) AS INTEGER) AS amount,
                CASE WHEN o.quantity >= 10 THEN o.quantity * CAST(ROUND(CAST(o.price AS REAL) * 100) AS INTEGER) * 5 / 100 ELSE 0 END AS discount
         FROM raw_order o
         JOIN (SELECT DISTINCT code, category FROM raw_product) p ON p.code = o.product
         LEFT JOIN (SELECT CAST(id AS INTEGER) AS CustomerId FROM raw_customer WHERE good UNION SELECT CustomerId FROM before.DimCustomer) k ON k.CustomerId = o.customer
         LEFT JOIN raw_customer g ON g.good AND CAST(g.id AS INTEGER) = o.customer AND o.customer NOT IN (SELECT CustomerId FROM before.DimCustomer)
         LEFT JOIN before.DimCustomer b ON b.CustomerId = o.customer
         WHERE o.quantity > 0;",
    )?;
    Ok(connection)
}

/// A few lines that read the quoted file by the book: a quote doubles itself, a comma separates.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    fields.push(field);
    fields
}

fn load_customers(connection: &Connection, inbox: &Path) -> anyhow::Result<()> {
    let text: String = std::fs::read(inbox.join("customers.csv"))?
        .iter()
        .map(|b| char::from(*b))
        .collect();
    let mut insert =
        connection.prepare("INSERT INTO raw_customer VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)")?;
    for line in text.split_terminator("\r\n").skip(1) {
        let f = fields(line);
        ensure!(f.len() == 7, "customers.csv: {line}");
        insert.execute(params![line, f[0], f[1], f[2], f[3], f[4], f[5], f[6]])?;
    }
    Ok(())
}

fn load_products(connection: &Connection, inbox: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(inbox.join("products.txt"))?;
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .skip(1)
        .map(|p| u16::from_le_bytes([p[0], p[1]]))
        .collect();
    let text = String::from_utf16(&units)?;
    let mut insert = connection.prepare("INSERT INTO raw_product VALUES (?, ?, ?, ?, ?)")?;
    for (number, line) in text.split_terminator("\r\n").skip(1).enumerate() {
        let f: Vec<&str> = line.split('\t').collect();
        ensure!(f.len() == 4, "products.txt: {line}");
        insert.execute(params![number as i64, f[0], f[1], f[2], f[3].trim()])?;
    }
    Ok(())
}

fn load_orders(connection: &Connection, inbox: &Path) -> anyhow::Result<()> {
    let mut insert =
        connection.prepare("INSERT INTO raw_order VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    connection.execute_batch("BEGIN")?;
    for month in 1..=12 {
        let file = format!("orders_2024_{month:02}.csv");
        let text = std::fs::read_to_string(inbox.join(&file))?;
        for line in text.lines().skip(1) {
            let f: Vec<&str> = line.split('|').collect();
            ensure!(f.len() == 8, "{file}: {line}");
            insert.execute(params![
                f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], file
            ])?;
        }
    }
    connection.execute_batch("COMMIT")?;
    Ok(())
}

/// The exported files, byte for byte: qualified values, a numeric below one without its zero.
fn exports(connection: &Connection, folder: &Path) -> anyhow::Result<()> {
    for category in CATEGORIES {
        let mut expected = "\"OrderId\";\"LineNumber\";\"FullDate\";\"Customer\";\"Product\";\"Quantity\";\"Net\"\r\n".to_owned();
        let mut statement = connection.prepare(
            "SELECT s.order_id, s.line, s.day, c.Name, p.Name, s.quantity, s.amount - s.discount FROM sale s \
             JOIN dw.DimProduct p ON p.ProductCode = s.product LEFT JOIN dw.DimCustomer c ON c.CustomerId = s.customer_known \
             WHERE s.category = ? ORDER BY s.order_id, s.line",
        )?;
        let mut rows = statement.query(params![category])?;
        while let Some(row) = rows.next()? {
            let customer: Option<String> = row.get(3)?;
            let customer = customer.map_or(String::new(), |name| format!("\"{name}\""));
            let cents: i64 = row.get(6)?;
            let whole = if cents >= 100 {
                (cents / 100).to_string()
            } else {
                String::new()
            };
            let (order, line, day) = (
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, String>(2)?,
            );
            let (product, quantity) = (row.get::<_, String>(4)?, row.get::<_, i64>(5)?);
            expected.push_str(&format!(
                "\"{order}\";\"{line}\";\"{day}\";{customer};\"{product}\";\"{quantity}\";\"{whole}.{:02}\"\r\n",
                cents % 100
            ));
        }
        let name = format!("sales_{}.csv", category.to_lowercase());
        for path in [
            folder.join("outbox").join(&name),
            folder.join("outbox/archive").join(&name),
        ] {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("reading {}", path.display()))?;
            ensure!(
                text == expected,
                "{} differs{}",
                path.display(),
                first_difference(&text, &expected)
            );
        }
        println!("    answer matches: {name} and its copy in the archive");
    }
    Ok(())
}

fn first_difference(text: &str, expected: &str) -> String {
    let lines = text.lines().zip(expected.lines()).enumerate();
    lines.into_iter().find(|(_, (a, b))| a != b).map_or_else(
        || {
            format!(
                ": {} lines in place of {}",
                text.lines().count(),
                expected.lines().count()
            )
        },
        |(n, (a, b))| format!(" in line {}: {a:?} in place of {b:?}", n + 1),
    )
}
