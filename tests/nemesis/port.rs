//! Ports for servers.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process;

/// Below those that the kernel gives to connections, so that none of them takes the port of a server that is down.
const FIRST: u16 = 10_240;
const COUNT: u16 = 20_000;

/// Draws ports that nothing listens on, no port twice.
pub struct Ports {
    next: u16,
}

impl Default for Ports {
    fn default() -> Self {
        // Runs beside each other begin at different ones.
        let begin = process::id().wrapping_mul(97) % u32::from(COUNT);
        Self { next: u16::try_from(begin).unwrap_or(0) }
    }
}

impl Ports {
    /// The next free one on loopback.
    ///
    /// # Errors
    /// There is none.
    pub fn draw(&mut self) -> io::Result<SocketAddr> {
        for _ in 0..COUNT {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, FIRST + self.next));
            self.next = (self.next + 1) % COUNT;
            if TcpListener::bind(address).is_ok() {
                return Ok(address);
            }
        }
        Err(io::ErrorKind::AddrNotAvailable.into())
    }
}
