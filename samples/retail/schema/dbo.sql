-- The warehouse, as SQLite has it. On SQL Server the same tables stand in schema dbo.
CREATE TABLE DimDate (
    DateKey int PRIMARY KEY, FullDate date NOT NULL, MonthName nvarchar(7) NOT NULL,
    Quarter int NOT NULL, IsWeekend bit NOT NULL
);
CREATE UNIQUE INDEX DimDate_FullDate ON DimDate (FullDate);
CREATE TABLE DimCustomer (
    CustomerKey INTEGER PRIMARY KEY, CustomerId int NOT NULL UNIQUE, Name nvarchar(60), Email nvarchar(80),
    City varchar(30), Country varchar(2), CreditLimit numeric(12, 2), AgeGroup nvarchar(10)
);
CREATE TABLE DimProduct (
    ProductKey INTEGER PRIMARY KEY, ProductCode nvarchar(20) NOT NULL UNIQUE, Name nvarchar(60),
    Category nvarchar(30), Price numeric(10, 2)
);
CREATE TABLE FactSales (
    SalesKey INTEGER PRIMARY KEY, DateKey int NOT NULL, CustomerKey int NOT NULL, ProductKey int NOT NULL,
    OrderId bigint NOT NULL, LineNumber int NOT NULL, Quantity int NOT NULL,
    Amount numeric(12, 2), Discount numeric(12, 2), Net numeric(12, 2)
);
CREATE TABLE UnknownProduct (BatchId int, OrderId bigint, LineNumber int, ProductCode nvarchar(20));
CREATE TABLE SalesTarget (MonthName nvarchar(7), Category nvarchar(30), Target numeric(12, 2));
CREATE TABLE MartMonth (
    MonthName nvarchar(7), Category nvarchar(30), Net numeric(38, 2), Quantity bigint, Lines bigint,
    Customers bigint, Target numeric(12, 2), Reached nvarchar(3)
);
CREATE TABLE MartCountry (
    Country varchar(2), Net numeric(38, 2), AverageQuantity float, FirstSale date, LastSale date
);
CREATE TABLE CustomerChange (BatchId int, CustomerId int, Change nvarchar(10));
CREATE TABLE LoadLog (BatchId int, PackageName nvarchar(60), RowsLoaded int);
CREATE TABLE Audit (BatchId int, Event nvarchar(30), SourceName nvarchar(60), Message nvarchar(4000));
