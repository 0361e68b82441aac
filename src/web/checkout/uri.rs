//! Payment URIs: what a wallet reads from a QR code or a link. Pure text; decides nothing about the payment.

use crate::domain::asset::Asset;
use crate::domain::money::BaseUnits;
use crate::domain::network::{Family, Network};

/// How a wallet is told to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentUri {
    /// What the QR code holds.
    pub text: String,
    /// Whether a link to it opens a wallet. A bare address is no link.
    pub is_link: bool,
}

/// What makes a wallet send `amount` of `asset` to `address`.
///
/// BIP-21 for Bitcoin and Litecoin, EIP-681 for Ethereum-like networks. TRON gets the bare address: its wallets
/// refuse every URI.
#[must_use]
pub fn payment_uri(network: &Network, asset: &Asset, address: &str, amount: BaseUnits) -> PaymentUri {
    let text = match (network.family, &asset.contract) {
        (Family::Bitcoin(_), _) => bip21("bitcoin", address, asset, amount),
        (Family::Litecoin(_), _) => bip21("litecoin", address, asset, amount),
        (Family::Evm { chain_id }, Some(token)) => {
            format!("ethereum:{token}@{chain_id}/transfer?address={address}&uint256={amount}")
        }
        (Family::Evm { chain_id }, None) => format!("ethereum:{address}@{chain_id}?value={amount}"),
        (Family::Tron, _) => {
            return PaymentUri {
                text: address.to_owned(),
                is_link: false,
            };
        }
    };
    PaymentUri { text, is_link: true }
}

fn bip21(scheme: &str, address: &str, asset: &Asset, amount: BaseUnits) -> String {
    format!(
        "{scheme}:{address}?amount={}",
        amount.to_decimal(asset.decimals, 0)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::gateway::{Chosen, PaymentView};
    use crate::web::checkout::sample::{self, RECEIVER};

    fn uri(view: &PaymentView) -> PaymentUri {
        let Chosen { ask, means } = view.chosen.as_ref().unwrap();
        payment_uri(&means.network, &means.asset, &ask.address, ask.due)
    }

    #[test]
    fn each_family_of_networks_gets_the_uri_its_wallets_read() {
        for (view, text) in [
            (
                sample::usdt_on_bsc(),
                format!(
                    "ethereum:0x55d398326f99059fF775485246999027B3197955@56/transfer?address={RECEIVER}&uint256=50000000000000000000"
                ),
            ),
            (
                sample::bnb_on_bsc(),
                format!("ethereum:{RECEIVER}@56?value=81632660000000000"),
            ),
            (
                sample::bitcoin(),
                "bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4?amount=0.00083214".to_owned(),
            ),
            (
                sample::litecoin(),
                "litecoin:ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9?amount=0.6".to_owned(),
            ),
        ] {
            assert_eq!(uri(&view), PaymentUri { text, is_link: true });
        }
    }

    #[test]
    fn a_tron_wallet_gets_the_bare_address_and_no_link() {
        let bare = PaymentUri {
            text: "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf".to_owned(),
            is_link: false,
        };
        assert_eq!(uri(&sample::usdt_on_tron()), bare);
    }
}
