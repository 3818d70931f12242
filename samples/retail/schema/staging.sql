-- The staging area, as SQLite has it: a file of its own. On SQL Server: schema staging.
CREATE TABLE Customer (
    CustomerId int, Name nvarchar(60), Email nvarchar(80), City varchar(30), Country varchar(2),
    BirthDate date, CreditLimit numeric(12, 2), AgeGroup nvarchar(10)
);
CREATE TABLE CustomerReject (RawRow text, ErrorCode int, ErrorColumn int);
CREATE TABLE Product (ProductCode nvarchar(20), Name nvarchar(60), Category nvarchar(30), Price numeric(10, 2));
CREATE TABLE SalesOrder (
    OrderId bigint, LineNumber int, OrderDate date, CustomerId int, ProductCode nvarchar(20), Quantity int,
    UnitPrice numeric(10, 2), Remark nvarchar(60), FileName nvarchar(100)
);
CREATE TABLE OrderReject (OrderId bigint, LineNumber int, Quantity int, FileName nvarchar(100));
