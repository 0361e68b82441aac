//! What a transaction's own bytes say that it sends: TRX by a `TransferContract`, and nothing else.
//!
//! TRC-10 (`TransferAssetContract`) is another asset and never TRX. Calls of contracts say what was asked for, not what
//! came of it: tokens are read from logs. Field numbers are those of `Tron.proto` and `balance_contract.proto`.

use super::protobuf::{Fields, Malformed, Value};
use super::wire::ACCOUNT_PREFIX;

/// TRX that a transaction sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Payment {
    /// To whom.
    pub(super) to: [u8; 20],
    /// In sun; never zero.
    pub(super) amount: u64,
}

const CONTRACTS: u64 = 11;
const CONTRACT_TYPE: u64 = 1;
const CONTRACT_PARAMETER: u64 = 2;
const ANY_TYPE_URL: u64 = 1;
const ANY_VALUE: u64 = 2;
const TRANSFER_TO: u64 = 2;
const TRANSFER_AMOUNT: u64 = 3;
/// `ContractType.TransferContract`
const TRANSFER_CONTRACT: u64 = 1;
const TRANSFER_TYPE: &[u8] = b"/protocol.TransferContract";

/// The TRX that the transaction with these bytes sends if it succeeds. A transaction of several contracts, or one that
/// says anything twice, is not understood and sends nothing: java-tron makes none.
pub(super) fn payment(raw_data: &[u8]) -> Option<Payment> {
    let contract = bytes_of(raw_data, CONTRACTS)?;
    if number_of(contract, CONTRACT_TYPE)? != TRANSFER_CONTRACT {
        return None;
    }
    let parameter = bytes_of(contract, CONTRACT_PARAMETER)?;
    if !bytes_of(parameter, ANY_TYPE_URL)?.ends_with(TRANSFER_TYPE) {
        return None;
    }
    let transfer = bytes_of(parameter, ANY_VALUE)?;
    let (prefix, to) = bytes_of(transfer, TRANSFER_TO)?.split_first()?;
    let amount = number_of(transfer, TRANSFER_AMOUNT)?;
    // The field is signed: what is over the half of it is negative.
    let is_amount = amount != 0 && i64::try_from(amount).is_ok();
    let to = <[u8; 20]>::try_from(to).ok()?;
    (*prefix == ACCOUNT_PREFIX && is_amount).then_some(Payment { to, amount })
}

fn bytes_of(message: &[u8], field: u64) -> Option<&[u8]> {
    match single(message, field) {
        Ok(Some(Value::Bytes(bytes))) => Some(bytes),
        Ok(Some(Value::Varint(_) | Value::Fixed) | None) | Err(Malformed) => None,
    }
}

fn number_of(message: &[u8], field: u64) -> Option<u64> {
    match single(message, field) {
        Ok(Some(Value::Varint(number))) => Some(number),
        Ok(Some(Value::Bytes(_) | Value::Fixed) | None) | Err(Malformed) => None,
    }
}

/// The value of a field that must not be there twice.
fn single(message: &[u8], field: u64) -> Result<Option<Value<'_>>, Malformed> {
    let mut fields = Fields::of(message);
    let mut found = None;
    while let Some((number, value)) = fields.next()? {
        if number == field && found.replace(value).is_some() {
            return Err(Malformed);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::protobuf::{put_bytes, put_number};
    use super::*;

    const TO: [u8; 20] = [7; 20];

    struct Made {
        contract_type: u64,
        type_url: &'static str,
        to: Vec<u8>,
        amount: u64,
        contracts: usize,
        amounts: usize,
    }

    fn honest() -> Made {
        Made {
            contract_type: TRANSFER_CONTRACT,
            type_url: "type.googleapis.com/protocol.TransferContract",
            to: [&[ACCOUNT_PREFIX][..], &TO].concat(),
            amount: 5,
            contracts: 1,
            amounts: 1,
        }
    }

    fn bytes(made: &Made) -> Vec<u8> {
        let (mut transfer, mut any, mut contract, mut raw) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        put_bytes(&mut transfer, TRANSFER_TO, &made.to);
        for _ in 0..made.amounts {
            put_number(&mut transfer, TRANSFER_AMOUNT, made.amount);
        }
        put_bytes(&mut any, ANY_TYPE_URL, made.type_url.as_bytes());
        put_bytes(&mut any, ANY_VALUE, &transfer);
        put_number(&mut contract, CONTRACT_TYPE, made.contract_type);
        put_bytes(&mut contract, CONTRACT_PARAMETER, &any);
        put_number(&mut raw, 8, 1_795_264_470_000);
        for _ in 0..made.contracts {
            put_bytes(&mut raw, CONTRACTS, &contract);
        }
        raw
    }

    #[test]
    fn a_plain_transfer_is_read_from_its_bytes() {
        let sent = payment(&bytes(&honest()));
        assert_eq!(sent, Some(Payment { to: TO, amount: 5 }));
    }

    #[test]
    fn what_is_not_plainly_one_transfer_of_trx_sends_nothing() {
        let trc10 = "type.googleapis.com/protocol.TransferAssetContract";
        for (what, made) in [
            (
                "several contracts",
                Made {
                    contracts: 2,
                    ..honest()
                },
            ),
            (
                "no contract",
                Made {
                    contracts: 0,
                    ..honest()
                },
            ),
            (
                "two amounts",
                Made {
                    amounts: 2,
                    ..honest()
                },
            ),
            (
                "TRC-10",
                Made {
                    contract_type: 2,
                    type_url: trc10,
                    ..honest()
                },
            ),
            (
                "another type",
                Made {
                    contract_type: 2,
                    ..honest()
                },
            ),
            (
                "another message",
                Made {
                    type_url: trc10,
                    ..honest()
                },
            ),
            (
                "no amount",
                Made {
                    amount: 0,
                    ..honest()
                },
            ),
            (
                "a negative amount",
                Made {
                    amount: u64::MAX,
                    ..honest()
                },
            ),
            (
                "a short address",
                Made {
                    to: vec![ACCOUNT_PREFIX, 7],
                    ..honest()
                },
            ),
            (
                "another prefix",
                Made {
                    to: [&[0xa0][..], &TO].concat(),
                    ..honest()
                },
            ),
        ] {
            assert_eq!(payment(&bytes(&made)), None, "{what}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_a_payment_panic(bytes: Vec<u8>) {
            let _ = payment(&bytes);
        }
    }
}
