//! The client's address: the peer, or what trusted proxies say of it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, request::Parts},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;

use crate::{app::App, error::AppError};

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// As stored and shown.
    pub fn text(self) -> String {
        self.0.to_string()
    }
}

impl<S: Sync> FromRequestParts<S> for ClientIp {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(Self(Ipv4Addr::UNSPECIFIED.into())))
    }
}

/// Notes the client's address.
pub async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let ip = peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |p| client(p, request.headers(), &app.config.trusted_proxies));
    request.extensions_mut().insert(ClientIp(ip));
    next.run(request).await
}

/// The rightmost hop that is not a trusted proxy; headers of an untrusted peer are not read at all.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
    let peer = peer.to_canonical();
    if !is_trusted(&peer) {
        return peer;
    }
    let hops = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).collect::<Vec<_>>().join(",");
    for hop in hops.rsplit(',') {
        match hop.trim().parse::<IpAddr>() {
            Ok(ip) if is_trusted(&ip) => {}
            Ok(ip) => return ip.to_canonical(),
            // What is no address was not written by a proxy that we trust.
            Err(_) => return peer,
        }
    }
    peer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().expect("network")];
        let cases = [
            ("203.0.113.9", Some("198.51.100.1"), "203.0.113.9", "an untrusted peer may claim anything"),
            ("10.0.0.1", Some("198.51.100.1"), "198.51.100.1", "one proxy"),
            ("10.0.0.1", Some("1.1.1.1, 198.51.100.1, 10.0.0.2"), "198.51.100.1", "the client forged the first hop"),
            ("10.0.0.1", None, "10.0.0.1", "the proxy itself"),
            ("10.0.0.1", Some("garbage"), "10.0.0.1", "no address"),
        ];
        for (peer, forwarded, expected, why) in cases {
            let mut headers = HeaderMap::new();
            if let Some(value) = forwarded {
                headers.insert("x-forwarded-for", value.parse().expect("header"));
            }
            let ip = client(peer.parse().expect("ip"), &headers, &trusted);
            assert_eq!(ip.to_string(), expected, "{why}");
        }
    }
}
