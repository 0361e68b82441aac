//! From where an API key may be used. Pure.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// The most addresses and networks that one key can be kept to.
pub const NETWORKS_MAX: usize = 50;

/// Addresses and networks; empty for everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedNetworks(Vec<IpNet>);

/// Why a text is not a list of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllowedError {
    /// A part of it is neither address nor network.
    #[error("`{0}` is no IP address or network; write them like 203.0.113.7 or 203.0.113.0/24")]
    Form(String),
    /// Too many.
    #[error("there can be at most {NETWORKS_MAX} addresses and networks")]
    TooMany,
}

impl AllowedNetworks {
    /// Whether a call from there may be made. From a place that nobody knows only where all places are allowed.
    #[must_use]
    pub fn admits(&self, from: Option<IpAddr>) -> bool {
        let from = from.map(|ip| ip.to_canonical());
        self.0.is_empty() || from.is_some_and(|ip| self.0.iter().any(|network| network.contains(&ip)))
    }

    /// Whether it is kept to nothing.
    #[must_use]
    pub const fn is_everywhere(&self) -> bool {
        self.0.is_empty()
    }
}

/// An address is a network of one.
fn network(text: &str) -> Option<IpNet> {
    let network = text
        .parse::<IpNet>()
        .ok()
        .or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))?;
    // `::ffff:203.0.113.7` is 203.0.113.7, which is what callers are known by.
    match network {
        IpNet::V6(mapped) if mapped.addr().to_ipv4_mapped().is_some() => {
            let length = mapped.prefix_len().checked_sub(96)?;
            IpNet::new(mapped.addr().to_canonical(), length).ok()
        }
        network => Some(network),
    }
}

impl FromStr for AllowedNetworks {
    type Err = AllowedError;

    /// Reads addresses and networks between spaces, commas or line breaks.
    fn from_str(text: &str) -> Result<Self, AllowedError> {
        let mut networks = Vec::new();
        let parts = text.split(|char: char| char.is_whitespace() || char == ',');
        for part in parts.filter(|part| !part.is_empty()) {
            let shown = || part.chars().take(60).collect();
            let network = network(part).ok_or_else(|| AllowedError::Form(shown()))?.trunc();
            if networks.len() >= NETWORKS_MAX {
                return Err(AllowedError::TooMany);
            }
            if !networks.contains(&network) {
                networks.push(network);
            }
        }
        Ok(Self(networks))
    }
}

impl fmt::Display for AllowedNetworks {
    /// Between spaces; an address without the length of its network.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, network) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            if network.prefix_len() == network.max_prefix_len() {
                write!(f, "{}", network.addr())?;
            } else {
                write!(f, "{network}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(list: &str, ip: &str) -> bool {
        let list: AllowedNetworks = list.parse().unwrap();
        list.admits(Some(ip.parse().unwrap()))
    }

    #[test]
    fn an_address_is_admitted_by_itself_or_by_a_network_around_it() {
        for (list, ip, admitted) in [
            ("", "203.0.113.7", true),
            ("203.0.113.7", "203.0.113.7", true),
            ("203.0.113.7", "203.0.113.8", false),
            ("203.0.113.7", "::ffff:203.0.113.7", true),
            ("::ffff:203.0.113.7", "203.0.113.7", true),
            ("::ffff:203.0.113.0/120", "203.0.113.9", true),
            ("203.0.113.0/24", "203.0.113.255", true),
            ("203.0.113.0/24", "203.0.114.0", false),
            ("10.0.0.0/8, 203.0.113.7\n2001:db8::/32", "2001:db8:1::5", true),
            ("2001:db8::1", "2001:db8::1", true),
            ("2001:db8::1", "2001:db8::2", false),
            ("0.0.0.0/0", "2001:db8::2", false),
        ] {
            assert_eq!(admits(list, ip), admitted, "{list} {ip}");
        }
    }

    #[test]
    fn a_caller_of_whom_nothing_is_known_is_let_in_by_no_list() {
        let list: AllowedNetworks = "0.0.0.0/0 ::/0".parse().unwrap();
        assert!(!list.admits(None));
        assert!(AllowedNetworks::default().admits(None));
    }

    #[test]
    fn a_list_is_written_in_one_form_which_can_be_read_again() {
        let list: AllowedNetworks = " 203.0.113.9/24,10.0.0.1;".replace(';', "").parse().unwrap();
        assert_eq!(list.to_string(), "203.0.113.0/24 10.0.0.1");
        assert_eq!(list.to_string().parse(), Ok(list));
        for wrong in ["localhost", "1.2.3", "1.2.3.4/33", "203.0.113.7:80", "*", "<b>"] {
            assert_eq!(
                wrong.parse::<AllowedNetworks>(),
                Err(AllowedError::Form(wrong.to_owned()))
            );
        }
        let many: Vec<String> = (0..=NETWORKS_MAX).map(|last| format!("10.0.0.{last}")).collect();
        assert_eq!(
            many.join(" ").parse::<AllowedNetworks>(),
            Err(AllowedError::TooMany)
        );
    }
}
