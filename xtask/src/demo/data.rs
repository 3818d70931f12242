//! The sample project's input: three kinds of files and the databases, from a fixed seed.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use rusqlite::{Connection, params};

use super::random::Random;

/// Customers in the file, dirty ones included.
const CUSTOMERS: u64 = 5_000;
/// Different products.
const PRODUCTS: u64 = 300;
/// Lines in each of the twelve order files.
const ORDER_LINES: u64 = 8_000;
/// Customers that the dimension has before the first load.
const KNOWN_CUSTOMERS: u64 = 800;

/// Categories of products; file names are made of them.
pub(crate) const CATEGORIES: &[&str] = &["Books", "Food", "Garden", "Office", "Toys"];

const FIRST: &[&str] = &[
    "Ana",
    "Björn",
    "Chloé",
    "Dmitri",
    "Eve",
    "François",
    "Gina",
    "Håkon",
    "Inés",
    "Jürgen",
];
const LAST: &[&str] = &[
    "Ångström",
    "Brown",
    "Dvorak, Jr.",
    "Ferreira",
    "Lopez",
    "Müller",
    "O'Neil",
    "Sm\"ith",
    "Moreira",
];
const CITIES: &[&str] = &[
    "Berlin", "Zürich", "Lyon", "Porto", "Málaga", "Oslo", "Aarhus", "Linz",
];
const COUNTRIES: &[&str] = &["de", "CH", "fr", "PT", "es", "NO", "dk", "AT"];

/// What the answers need to know of the generated data: nothing but where it is.
pub(crate) struct Generated;

/// Writes the files and databases.
pub(crate) fn generate(folder: &Path) -> anyhow::Result<Generated> {
    let inbox = folder.join("inbox");
    std::fs::create_dir_all(&inbox)?;
    std::fs::create_dir_all(folder.join("outbox"))?;
    let mut random = Random::new(20_240_101);
    let customers = customers(&mut random);
    write(
        &inbox.join("customers.csv"),
        &windows_1252(&customers_file(&customers)),
    )?;
    write(
        &inbox.join("products.txt"),
        &utf16(&products_file(&mut random)),
    )?;
    for month in 1..=12 {
        let name = format!("orders_2024_{month:02}.csv");
        write(
            &inbox.join(name),
            orders_file(&mut random, month).as_bytes(),
        )?;
    }
    databases(folder, &customers, &mut random)?;
    Ok(Generated)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

struct Customer {
    id: String,
    name: String,
    email: String,
    city: String,
    country: String,
    birth_date: String,
    credit_limit: String,
}

fn customers(random: &mut Random) -> Vec<Customer> {
    (1..=CUSTOMERS)
        .map(|number| {
            let name = format!("{} {}", random.pick(FIRST), random.pick(LAST));
            let place = random.below(CITIES.len() as u64) as usize;
            let mut customer = Customer {
                id: number.to_string(),
                name: if number % 7 == 0 {
                    format!("  {name} ")
                } else {
                    name
                },
                email: format!(" C{number}@Example.COM"),
                city: CITIES[place].to_owned(),
                country: COUNTRIES[place].to_owned(),
                birth_date: format!(
                    "{}-{:02}-{:02}",
                    1940 + random.below(66),
                    1 + random.below(12),
                    1 + random.below(28)
                ),
                credit_limit: format!("{}.{:02}", random.below(20_000), random.below(100)),
            };
            spoil(&mut customer, number);
            customer
        })
        .collect()
}

/// The dirt that real files have, one kind a row.
fn spoil(customer: &mut Customer, number: u64) {
    if number.is_multiple_of(97) {
        customer.birth_date = "1990-02-31".to_owned();
    } else if number.is_multiple_of(113) {
        customer.credit_limit = "n/a".to_owned();
    } else if number.is_multiple_of(131) {
        customer.city = "Llanfairpwllgwyngyllgogerychwyrndrobwll".to_owned();
    } else if number.is_multiple_of(151) {
        customer.id = format!("X{number}");
    }
}

fn customers_file(customers: &[Customer]) -> String {
    let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut file = "CustomerId,Name,Email,City,Country,BirthDate,CreditLimit\r\n".to_owned();
    for c in customers {
        let _ = write!(
            file,
            "{},{},{},{},{},{},{}\r\n",
            c.id,
            quote(&c.name),
            quote(&c.email),
            quote(&c.city),
            c.country,
            c.birth_date,
            c.credit_limit
        );
    }
    file
}

fn products_file(random: &mut Random) -> String {
    let mut file = "ProductCode\tName\tCategory\tListPrice\r\n".to_owned();
    for number in 1..=PRODUCTS + 40 {
        // The last forty repeat codes that were there before, under other names.
        let code = if number <= PRODUCTS {
            number
        } else {
            number - PRODUCTS
        };
        let price = format!("{}.{:02}", 1 + random.below(200), random.below(100));
        let price = if number.is_multiple_of(9) {
            format!(" {price} ")
        } else {
            price
        };
        let category = CATEGORIES[(code % CATEGORIES.len() as u64) as usize];
        let _ = write!(
            file,
            "P{code:04}\tProduct № {number}\t{category}\t{price}\r\n"
        );
    }
    file
}

fn orders_file(random: &mut Random, month: u64) -> String {
    let mut file =
        "OrderId|LineNumber|OrderDate|CustomerId|ProductCode|Quantity|UnitPrice|Remark\n"
            .to_owned();
    let (mut order, mut line) = (month * 100_000, 1);
    let (mut day, mut customer) = (1, 1);
    for _ in 0..ORDER_LINES {
        if line > 4 || random.below(3) == 0 {
            order += 1;
            line = 1;
            day = 1 + random.below(28);
            customer = 1 + random.below(CUSTOMERS + 200);
        }
        let product = 1 + random.below(PRODUCTS);
        let code = if random.below(200) == 0 {
            format!("PX{product}")
        } else {
            format!("P{product:04}")
        };
        let quantity = if random.below(50) == 0 {
            -1
        } else {
            1 + random.below(20) as i64
        };
        let remark = *random.pick(&["", "", "gift", "Grüße", "日本", "call first"]);
        let _ = writeln!(
            file,
            "{order}|{line}|2024-{month:02}-{day:02}|{customer}|{code}|{quantity}|{}.{:02}|{remark}",
            random.below(300),
            random.below(100)
        );
        line += 1;
    }
    file
}

fn databases(folder: &Path, customers: &[Customer], random: &mut Random) -> anyhow::Result<()> {
    let schema = crate::command::root().join("samples/retail/schema");
    for (database, script) in [("retail.db", "dbo.sql"), ("staging.db", "staging.sql")] {
        let connection = Connection::open(folder.join(database))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        let path = schema.join(script);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("reading {}", path.display()))?;
        connection
            .execute_batch(&text)
            .with_context(|| format!("running {}", path.display()))?;
    }
    let mut connection = Connection::open(folder.join("retail.db"))?;
    let transaction = connection.transaction()?;
    for customer in customers.iter().take(KNOWN_CUSTOMERS as usize) {
        let Ok(id) = customer.id.parse::<i64>() else {
            continue;
        };
        let email = customer.email.trim().to_lowercase();
        let email = if id % 3 == 0 {
            format!("old.{email}")
        } else {
            email
        };
        let limit: f64 = customer.credit_limit.parse().unwrap_or(0.0);
        let limit = if id % 5 == 0 { limit + 1.0 } else { limit };
        transaction.execute(
            "INSERT INTO DimCustomer (CustomerId, Name, Email, City, Country, CreditLimit, AgeGroup) VALUES (?, ?, ?, ?, ?, ?, 'known')",
            params![id, customer.name.trim(), email, customer.city, customer.country.to_uppercase(), format!("{limit:.2}")],
        )?;
    }
    for month in 1..=12 {
        for category in CATEGORIES.iter().skip(usize::from(month % 4 == 0)) {
            let target = format!("{}.00", 1_000_000 + random.below(1_500_000));
            transaction.execute(
                "INSERT INTO SalesTarget VALUES (?, ?, ?)",
                params![format!("2024-{month:02}"), category, target],
            )?;
        }
    }
    transaction.commit()?;
    // What the dimension held before the first load, for the answers.
    connection.execute(
        "VACUUM INTO ?",
        params![folder.join("before.db").to_string_lossy()],
    )?;
    Ok(())
}

/// Every character of the generator's lists is one byte of Windows' Western page.
fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
        .collect()
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect()
}
