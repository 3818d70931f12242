-- What SQL written for SQL Server needs of PostgreSQL, as definitions in the database itself.
--
-- Packmule sends a package's SQL text as it is. Where that text uses nothing but the names below
-- beside common SQL, running this file once in the target database (as a superuser) lets it run:
--   the types nvarchar(n) and sysname; + between texts; the schema dbo.
-- Names in brackets, TOP, IF … BEGIN … END and procedures stay SQL Server's own.

CREATE SCHEMA IF NOT EXISTS dbo;

CREATE TYPE nvarchar;
CREATE FUNCTION nvarchar_in(cstring, oid, integer) RETURNS nvarchar
    LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
CREATE FUNCTION nvarchar_out(nvarchar) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
CREATE FUNCTION nvarchar_recv(internal, oid, integer) RETURNS nvarchar
    LANGUAGE internal STABLE STRICT AS 'varcharrecv';
CREATE FUNCTION nvarchar_send(nvarchar) RETURNS bytea
    LANGUAGE internal STABLE STRICT AS 'varcharsend';
CREATE FUNCTION nvarchar_typmod_in(cstring[]) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
CREATE FUNCTION nvarchar_typmod_out(integer) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout';
CREATE TYPE nvarchar (
    INPUT = nvarchar_in, OUTPUT = nvarchar_out, RECEIVE = nvarchar_recv, SEND = nvarchar_send,
    TYPMOD_IN = nvarchar_typmod_in, TYPMOD_OUT = nvarchar_typmod_out,
    LIKE = varchar, CATEGORY = 'S', COLLATABLE = true
);
CREATE CAST (text AS nvarchar) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE CAST (varchar AS nvarchar) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE CAST (nvarchar AS text) WITHOUT FUNCTION AS IMPLICIT;
CREATE DOMAIN sysname AS varchar(128);

-- N'…' is of type character; joined as it stands, blanks at its end stay.
CREATE FUNCTION plus(text, text) RETURNS text
    LANGUAGE internal IMMUTABLE STRICT AS 'textcat';
CREATE FUNCTION plus(character, text) RETURNS text
    LANGUAGE internal IMMUTABLE STRICT AS 'textcat';
CREATE FUNCTION plus(text, character) RETURNS text
    LANGUAGE internal IMMUTABLE STRICT AS 'textcat';
CREATE OPERATOR + (LEFTARG = text, RIGHTARG = text, FUNCTION = plus);
CREATE OPERATOR + (LEFTARG = character, RIGHTARG = text, FUNCTION = plus);
CREATE OPERATOR + (LEFTARG = text, RIGHTARG = character, FUNCTION = plus);
