//! Small servers for tests, on a free port of this computer; each ends with its test.

pub(crate) mod ftp;
pub(crate) mod http;
pub(crate) mod smtp;

use std::net::{TcpListener, TcpStream};

/// Serves each connection in a thread of its own; gives the port.
pub(crate) fn serve(each: impl Fn(TcpStream) + Send + Sync + Clone + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let each = each.clone();
            std::thread::spawn(move || each(stream));
        }
    });
    port
}
