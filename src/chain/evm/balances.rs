//! What addresses hold right after a block: by Multicall3 where it is deployed, else one by one in batches.
//!
//! A balance proves nothing, so it counts only when two operators say the same, wherever there are two.

use ethers_core::types::{Address as Account, Bytes, H160, U256};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{EvmSource, client};
use crate::chain::ChainError;
use crate::chain::jsonrpc::Call;
use crate::chain::providers::trouble::{Trouble, TroubleKind};
use crate::chain::providers::{NoAnswer, Provider};
use crate::domain::address::Address;
use crate::domain::asset::Currency;
use crate::domain::money::BaseUnits;
use crate::domain::transfer::BlockRef;

/// Multicall3, at the same address on every chain that has it (<https://www.multicall3.com>).
const MULTICALL3: H160 = H160([
    0xca, 0x11, 0xbd, 0xe0, 0x59, 0x77, 0xb3, 0x63, 0x11, 0x67, 0x02, 0x88, 0x62, 0xbe, 0x2a, 0x17, 0x39,
    0x76, 0xca, 0x11,
]);
/// Selector of `aggregate3((address,bool,bytes)[])`.
const AGGREGATE3: [u8; 4] = [0x82, 0xad, 0x56, 0xcb];
/// Selector of Multicall3's `getEthBalance(address)`.
const GET_ETH_BALANCE: [u8; 4] = [0x4d, 0x23, 0x01, 0xcc];
/// Selector of `balanceOf(address)` of ERC-20.
const BALANCE_OF: [u8; 4] = [0x70, 0xa0, 0x82, 0x31];
/// Balances asked for in one call of Multicall3.
const AT_ONCE_MAX: usize = 500;
/// Balances asked for in one batch where each is a call.
const BATCH_MAX: usize = 50;

/// One balance to ask for.
#[derive(Debug, Clone, Copy)]
struct Question {
    account: Account,
    /// The token's contract; `None` for the chain's own coin.
    token: Option<Account>,
}

/// How the block is named to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pin {
    /// By its hash (EIP-1898): a node that has another block there says so.
    Hash,
    /// By its height; what block that is has to be asked.
    Height,
}

/// The balances of `asked` right after `at`; `None` where too few providers can say, or for a currency that is not
/// watched here.
///
/// # Errors
/// [`ChainError`] when providers cannot be reached or contradict one another.
pub(super) async fn balances(
    source: &EvmSource,
    at: &BlockRef,
    asked: &[(Address, Currency)],
) -> Result<Option<Vec<BaseUnits>>, ChainError> {
    let Some(questions) = questions(source, asked) else {
        return Ok(None);
    };
    let distinct = source.pool.distinct();
    let needed = source.settings.quorum.max(2).min(distinct.len().max(1));
    let (mut said, mut none) = (Vec::new(), NoAnswer::default());
    let (first, others) = distinct.split_at_checked(needed).unwrap_or((&distinct, &[]));
    // As many at once as are needed, and others one by one in their place.
    for providers in std::iter::once(first).chain(others.chunks(1)) {
        let asking = providers
            .iter()
            .map(|provider| provider.attempt(ask(source, provider, at, &questions)));
        for (provider, answer) in providers.iter().zip(join_all(asking).await) {
            match answer {
                Ok(Some(balances)) => said.push(balances),
                Ok(None) => tracing::debug!(
                    provider = provider.host(),
                    height = at.height,
                    "knows no balances"
                ),
                Err(trouble) => none.troubles.push((provider.host().to_owned(), trouble)),
            }
        }
        if let Some(agreed) = agreed(&said, questions.len(), needed) {
            return Ok(Some(agreed));
        }
    }
    if said.len() >= needed {
        return Err(ChainError::Unavailable {
            network: source.settings.network.id.to_string(),
            reasons: format!(
                "the providers contradict one another about balances at block {}; a third one would decide",
                at.height
            ),
        });
    }
    if none.troubles.is_empty() {
        return Ok(None);
    }
    Err(source.pool.unread(at.height, &none))
}

fn questions(source: &EvmSource, asked: &[(Address, Currency)]) -> Option<Vec<Question>> {
    let question = |(address, currency): &(Address, Currency)| {
        let account = Account::from(<[u8; 20]>::try_from(address.payload()).ok()?);
        let token = match currency.is_native() {
            true => None,
            false => {
                let mut tokens = source.assets.tokens.iter();
                Some(tokens.find(|(_, asset)| asset.currency == *currency)?.0)
            }
        };
        Some(Question { account, token })
    };
    asked.iter().map(question).collect()
}

/// What `needed` of those who spoke say of each balance; `None` unless that is so of every one.
fn agreed(said: &[Vec<BaseUnits>], count: usize, needed: usize) -> Option<Vec<BaseUnits>> {
    (0..count)
        .map(|place| {
            let votes: Vec<BaseUnits> = said.iter().filter_map(|one| one.get(place).copied()).collect();
            let enough = |value: &BaseUnits| votes.iter().filter(|vote| *vote == value).count() >= needed;
            votes.iter().copied().find(enough)
        })
        .collect()
}

/// One provider's word; `None` where it has none.
async fn ask(
    source: &EvmSource,
    provider: &Provider,
    at: &BlockRef,
    questions: &[Question],
) -> Result<Option<Vec<BaseUnits>>, Trouble> {
    source.check(provider).await?;
    let mut all = Vec::with_capacity(questions.len());
    for some in questions.chunks(AT_ONCE_MAX) {
        let mut said = pinned(source, provider, at, some, Pin::Hash).await;
        // Not every node takes a hash.
        if said
            .as_ref()
            .is_err_and(|trouble| trouble.kind == TroubleKind::Down && !is_without_state(trouble))
        {
            said = pinned(source, provider, at, some, Pin::Height).await;
        }
        match said {
            Ok(balances) => all.extend(balances),
            // A matter of this block's age or of the plan, not of the provider's health.
            Err(trouble) if is_without_state(&trouble) => return Ok(None),
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(Some(all))
}

/// Whether the trouble is that the node does not keep, or does not give, the state of so old a block.
fn is_without_state(trouble: &Trouble) -> bool {
    const WORDS: &[&str] = &["trie node", "state", "archive", "pruned", "historical"];
    let text = trouble.reason.to_lowercase();
    match trouble.kind {
        TroubleKind::NeverHere | TroubleKind::Unsupported => true,
        TroubleKind::Lag | TroubleKind::Down => WORDS.iter().any(|word| text.contains(word)),
        TroubleKind::Size { .. }
        | TroubleKind::Throttled { .. }
        | TroubleKind::Lie
        | TroubleKind::WrongChain
        | TroubleKind::Undecided
        | TroubleKind::OverBudget => false,
    }
}

async fn pinned(
    source: &EvmSource,
    provider: &Provider,
    at: &BlockRef,
    questions: &[Question],
    pin: Pin,
) -> Result<Vec<BaseUnits>, Trouble> {
    let block = match pin {
        Pin::Hash => json!({ "blockHash": &*at.hash }),
        Pin::Height => json!(client::quantity(at.height)),
    };
    let together = match questions {
        [_] => None,
        _ => by_multicall(provider, questions, &block).await?,
    };
    let balances = match together {
        Some(balances) => balances,
        None => one_by_one(provider, questions, &block).await?,
    };
    // Afterwards: a node that changed its mind meanwhile is found out.
    if pin == Pin::Height && source.header_from(provider, at.height).await?.block.hash != at.hash {
        return Err(Trouble::lag(
            "has another block there: a reorganisation is under way",
        ));
    }
    balances.into_iter().map(units).collect()
}

fn units(balance: U256) -> Result<BaseUnits, Trouble> {
    if balance > U256::from(u128::MAX) {
        return Err(Trouble::down("a balance is more than 2^128 units"));
    }
    Ok(BaseUnits::new(balance.as_u128()))
}

async fn one_by_one(
    provider: &Provider,
    questions: &[Question],
    block: &Value,
) -> Result<Vec<U256>, Trouble> {
    let mut balances = Vec::with_capacity(questions.len());
    for some in questions.chunks(BATCH_MAX) {
        let (coins, tokens): (Vec<&Question>, Vec<&Question>) =
            some.iter().partition(|question| question.token.is_none());
        let calls: Vec<Call> = coins
            .iter()
            .map(|question| {
                Call::new(
                    "eth_getBalance",
                    json!([client::address(question.account), block]),
                )
            })
            .collect();
        let mut coins = provider.calls::<U256>(&calls).await?.into_iter();
        let calls: Vec<Call> = tokens
            .iter()
            .map(|question| {
                let to = question.token.unwrap_or_default();
                Call::new(
                    "eth_call",
                    json!([{ "to": client::address(to), "data": question.data() }, block]),
                )
            })
            .collect();
        let mut tokens = provider.calls::<Bytes>(&calls).await?.into_iter();
        for question in some {
            balances.push(match question.token {
                None => client::answered(coins.next().flatten(), "eth_getBalance")?,
                Some(_) => {
                    let answer = client::answered(tokens.next().flatten(), "eth_call")?;
                    let word = <[u8; 32]>::try_from(&answer[..]);
                    U256::from(word.map_err(|_| Trouble::down("a token does not say its balances"))?)
                }
            });
        }
    }
    Ok(balances)
}

/// All in one call; `None` where there is no Multicall3, or it does not answer as it should.
async fn by_multicall(
    provider: &Provider,
    questions: &[Question],
    block: &Value,
) -> Result<Option<Vec<U256>>, Trouble> {
    let data = Bytes::from(aggregate3(questions));
    let call = Call::new(
        "eth_call",
        json!([{ "to": client::address(MULTICALL3), "data": data }, block]),
    );
    match provider.call::<Bytes>(&call).await {
        Ok(answer) => Ok(answer.and_then(|answer| results(&answer, questions.len()))),
        Err(trouble) if trouble.kind == TroubleKind::Down && is_refusal(&trouble) => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

/// Whether the call itself was refused: no such contract, or more work than a node does for one call.
fn is_refusal(trouble: &Trouble) -> bool {
    let text = trouble.reason.to_lowercase();
    ["revert", "gas", "execution"]
        .iter()
        .any(|word| text.contains(word))
}

impl Question {
    /// The calldata that asks it.
    fn data(&self) -> Bytes {
        let selector = if self.token.is_some() {
            BALANCE_OF
        } else {
            GET_ETH_BALANCE
        };
        let mut data = selector.to_vec();
        data.extend_from_slice(&word(self.account));
        data.into()
    }
}

/// An address as the EVM passes it on.
fn word(account: Account) -> [u8; 32] {
    let mut word = [0; 32];
    let (_, low) = word.split_at_mut(12);
    low.copy_from_slice(account.as_bytes());
    word
}

/// A number as the EVM passes it on.
fn number(value: usize) -> [u8; 32] {
    let mut word = [0; 32];
    U256::from(value).to_big_endian(&mut word);
    word
}

/// The calldata of `aggregate3` (Solidity ABI), each call allowed to fail.
fn aggregate3(questions: &[Question]) -> Vec<u8> {
    /// Target, flag, offset and length of the data, and the data: 36 bytes in two words.
    const CALL_BYTES: usize = 6 * 32;
    let mut data = AGGREGATE3.to_vec();
    data.extend_from_slice(&number(32));
    data.extend_from_slice(&number(questions.len()));
    let heads = questions.len().saturating_mul(32);
    for index in 0..questions.len() {
        data.extend_from_slice(&number(heads.saturating_add(index.saturating_mul(CALL_BYTES))));
    }
    for question in questions {
        let inner = question.data();
        data.extend_from_slice(&word(question.token.unwrap_or(MULTICALL3)));
        data.extend_from_slice(&number(1));
        data.extend_from_slice(&number(96));
        data.extend_from_slice(&number(inner.len()));
        data.extend_from_slice(&inner);
        data.extend_from_slice(&[0; 28]);
    }
    data
}

/// Reads `(bool success, bytes returnData)[]` of `count` successes with a word each, written as Solidity writes it;
/// `None` for anything else.
fn results(answer: &[u8], count: usize) -> Option<Vec<U256>> {
    let (words, rest) = answer.as_chunks::<32>();
    let (heads, items) = words.split_at_checked(count.checked_add(2)?)?;
    let expected = [32, count].into_iter().map(number);
    let offsets = (0..count).map(|index| {
        let heads = count.saturating_mul(32);
        number(heads.saturating_add(index.saturating_mul(4 * 32)))
    });
    let is_whole = rest.is_empty() && items.len() == count.checked_mul(4)?;
    if !is_whole || !heads.iter().copied().eq(expected.chain(offsets)) {
        return None;
    }
    let item = |item: &[[u8; 32]]| match item {
        [success, offset, length, value] => {
            let is_a_word = (*success, *offset, *length) == (number(1), number(64), number(32));
            is_a_word.then(|| U256::from_big_endian(value))
        }
        _ => None,
    };
    items.chunks(4).map(item).collect()
}
