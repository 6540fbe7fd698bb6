//! Where the preview listens, and by which names it may be called.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

use anyhow::{Result, bail};

/// Ports that are tried after the one that was asked for.
const TRIES: u16 = 100;

/// Listens on the first free port from `port` up, or on this one only.
pub fn listen(host: IpAddr, port: u16, is_strict: bool) -> Result<TcpListener> {
    let last = if is_strict || port == 0 { port } else { port.saturating_add(TRIES) };
    for port in port..=last {
        match TcpListener::bind((host, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => bail!(why_not(&error, host, port)),
        }
    }
    match is_strict {
        true => bail!("port {port} is in use by another program; stop it, or choose another with `--port`"),
        false => bail!("the ports from {port} to {last} are all in use; choose another with `--port`"),
    }
}

fn why_not(error: &std::io::Error, host: IpAddr, port: u16) -> String {
    match error.kind() {
        ErrorKind::AddrNotAvailable => format!(
            "this computer has no address {host}; leave `--host` out, or use `--host 0.0.0.0` to let other computers in"
        ),
        ErrorKind::PermissionDenied => {
            format!("the system keeps port {port} for its own programs; choose one from 1024 up with `--port`")
        }
        _ => format!("cannot listen on {}: {error}", SocketAddr::new(host, port)),
    }
}

/// The address to open in a browser on this computer.
pub fn url(host: IpAddr, address: SocketAddr, base: &str) -> String {
    let host = if host.is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { host };
    format!("http://{}{base}", SocketAddr::new(host, address.port()))
}

/// The address for another computer's browser, when the preview listens everywhere and this computer is in a network.
pub fn for_others(host: IpAddr, address: SocketAddr, base: &str) -> Option<String> {
    let own = own_address(host).filter(|own| host.is_unspecified() && !own.is_loopback() && !own.is_unspecified())?;
    Some(format!("http://{}{base}", SocketAddr::new(own, address.port())))
}

/// The address from which this computer would write to others: nothing is sent to find it. The other one is of those that
/// are kept for documentation (RFC 5737, RFC 3849).
fn own_address(host: IpAddr) -> Option<IpAddr> {
    let other = if host.is_ipv4() { "192.0.2.1" } else { "2001:db8::1" };
    let socket = UdpSocket::bind((host, 0)).ok()?;
    socket.connect((other, 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

/// Whether a browser that calls the preview `host` may see it. Any other name was made by somebody to lead a browser
/// here without its user's knowledge (DNS rebinding); names of this computer and plain numbers cannot be used so.
pub fn is_welcome(host: &str, listening: IpAddr) -> bool {
    let name = without_port(host).to_ascii_lowercase();
    let is_local_name = name == "localhost" || name.ends_with(".localhost");
    match name.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(number) => number.is_loopback() || !listening.is_loopback(),
        Err(_) => is_local_name,
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => {
            if name.starts_with('[') || !name.contains(':') { name } else { host }
        }
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_computer_are_welcome() {
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        for host in ["localhost", "LOCALHOST:1414", "127.0.0.1:80", "[::1]:1414", "::1", "help.localhost:1"] {
            assert!(is_welcome(host, local), "{host}");
        }
        for host in ["", "evil.example", "localhost.evil.example:1414", "127.0.0.1.nip.io", "192.168.1.5:1414"] {
            assert!(!is_welcome(host, local), "{host}");
        }
        let everywhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        assert!(is_welcome("192.168.1.5:1414", everywhere) && !is_welcome("evil.example", everywhere));
    }

    #[test]
    fn a_busy_port_is_passed_by_unless_it_must_be() {
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let first = listen(local, 0, false).unwrap();
        let port = first.local_addr().unwrap().port();
        if port < u16::MAX - TRIES {
            assert_ne!(listen(local, port, false).unwrap().local_addr().unwrap().port(), port);
        }
        assert!(listen(local, port, true).unwrap_err().to_string().contains("is in use"));
    }

    #[test]
    fn an_address_of_another_computer_is_refused_in_plain_words() {
        let elsewhere = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
        let error = listen(elsewhere, 0, false).unwrap_err().to_string();
        assert!(error.starts_with("this computer has no address 192.0.2.1;"), "{error}");
    }
}
