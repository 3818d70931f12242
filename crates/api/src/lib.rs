//! REST, server-sent events and OpenAPI over the catalog; serves the page
