//! Accounts against the vectors of the BIPs, against the addresses of other software, and against mistakes.

use proptest::prelude::*;

use super::*;
use crate::domain::network::Bip;

const BITCOIN: Family = Family::Bitcoin(Bip::Mainnet);
const REGTEST: Family = Family::Bitcoin(Bip::Regtest);
const LITECOIN: Family = Family::Litecoin(Bip::Mainnet);
const EVM: Family = Family::Evm { chain_id: 1 };

/// m/84'/0'/0' of BIP-84's vectors.
const ZPUB: &str = "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";
/// m/44'/0'/0' of the same words.
const XPUB: &str = "xpub6BosfCnifzxcFwrSzQiqu2DBVTshkCXacvNsWGYJVVhhawA7d4R5WSWGFNbi8Aw6ZRc1brxMyWMzG3DSSSSoekkudhUd9yLb6qx39T9nMdj";
/// m/86'/0'/0' of BIP-86's vectors.
const TAPROOT: &str = "xpub6BgBgsespWvERF3LHQu6CnqdvfEvtMcQjYrcRzx53QJjSxarj2afYWcLteoGVky7D3UKDP9QyrLprQ3VCECoY49yfdDEHGCtMMj92pReUsQ";
/// m/44'/60'/0' of "test test test test test test test test test test test junk", by ethers.
const JUNK: &str = "xpub6Ce9NcJvTk36xtLSrJLZqE7wtgA5deCeYs7rSQtreh4cj6ByPtrg9sD7V2FNFLPnf8heNP3FGkeV9qwfzvZNSd54JoNXVsXFYSYwHsnJxqP";
/// m/44'/60'/0'/0 of the same.
const JUNK_CHAIN: &str = "xpub6DyUKdwoLWmUJ4Tn9Bbsdtx7B5Ws18mEN19e5HT52ikE53FiUheSQXrZUNPovqfyKmw4579A1Mm3GXXKM39N64uooBfJ4tNAzFsEbodRTx4";
/// m/44'/195'/0' of a recorded TRON network's shops.
const TRON_SHOPS: &str = "xpub6CgKmfHedWGo69YXcgXcNJBm56AiHUXPyScU183Pm8ZG8y8ZBpFyAFWRcWgBRRSNHxWr6EMUMgxydqNduciY794BwPMUm8poNmrtet2GdYd";

fn firsts(family: Family, text: &str, count: u32) -> Vec<String> {
    let account = Account::parse(family, text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let again = Account::parse(family, account.canonical()).unwrap();
    assert_eq!(again.canonical(), account.canonical());
    assert_eq!(again.first(3).unwrap(), account.first(3).unwrap());
    let first = account.first(count).unwrap();
    first.iter().map(ToString::to_string).collect()
}

fn refused(family: Family, text: &str) -> AccountError {
    match Account::parse(family, text) {
        Err(error) => error,
        Ok(account) => panic!("{text} was taken as {}", account.canonical()),
    }
}

/// The same key under another prefix.
fn with_prefix(text: &str, version: [u8; 4]) -> String {
    let mut bytes = bs58::decode(text).with_check(None).into_vec().unwrap();
    bytes[..4].copy_from_slice(&version);
    bs58::encode(bytes).with_check().into_string()
}

const LTUB: [u8; 4] = [0x01, 0x9d, 0xa4, 0x62];
const MTUB: [u8; 4] = [0x01, 0xb2, 0x6e, 0xf6];
const ZPUB_VERSION: [u8; 4] = [0x04, 0xb2, 0x47, 0x46];

#[test]
fn accounts_have_the_addresses_of_the_bips_vectors() {
    for (text, addresses) in [
        (
            XPUB.to_owned(),
            [
                "1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA",
                "1Ak8PffB2meyfYnbXZR9EGfLfFZVpzJvQP",
            ],
        ),
        (
            ZPUB.to_owned(),
            [
                "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu",
                "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g",
            ],
        ),
        (
            format!("tr({TAPROOT}/<0;1>/*)"),
            [
                "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
                "bc1p4qhjn9zdvkux4e44uhx8tc55attvtyu358kutcqkudyccelu0was9fqzwh",
            ],
        ),
        (
            format!("[73c5da0a/86h/0h/0h]{TAPROOT}"),
            [
                "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
                "bc1p4qhjn9zdvkux4e44uhx8tc55attvtyu358kutcqkudyccelu0was9fqzwh",
            ],
        ),
    ] {
        assert_eq!(firsts(BITCOIN, &text, 2), addresses, "{text}");
    }
    // BIP-49's vectors are of the test network.
    let bip49 = "tpubDD7tXK8KeQ3YY83yWq755fHY2JW8Ha8Q765tknUM5rSvjPcGWfUppDFMpQ1ScziKfW3ZNtZvAD7M3u7bSs7HofjTD3KP3YxPK7X6hwV8Rk2";
    let descriptor = format!("sh(wpkh([73c5da0a/49h/1h/0h]{bip49}/0/*))#k36xjgeu");
    let address = "2Mww8dCYPUpKHofjgcXcBCEGmniw9CoaiD2";
    assert_eq!(firsts(Family::Bitcoin(Bip::Testnet), &descriptor, 1), [address]);
    assert_eq!(firsts(REGTEST, &descriptor, 1), [address]);
}

/// Accounts of a node's own wallet, in each form that wallets give them, with the first ten addresses that the node
/// derived.
#[test]
fn accounts_have_the_addresses_that_a_node_derives() {
    for (texts, addresses) in NODE_ACCOUNTS {
        for text in *texts {
            assert_eq!(firsts(REGTEST, text, 10), *addresses, "{text}");
        }
    }
}

const NODE_ACCOUNTS: &[(&[&str], [&str; 10])] = &[
    (
        &[
            "tpubDC5FSnBiZDMmkoat4aZFfbJdEthnPqJ1jXZcKWJNKC4yJanLA55dRW5qKJRRvAo1SwaXeUx2ayUQyVJ6eCbABbBB8Wn3T7dAuVJRnZgntVC",
            "pkh([73c5da0a/44h/1h/1h]tpubDC5FSnBiZDMmkoat4aZFfbJdEthnPqJ1jXZcKWJNKC4yJanLA55dRW5qKJRRvAo1SwaXeUx2ayUQyVJ6eCbABbBB8Wn3T7dAuVJRnZgntVC/0/*)#ynepyvkx",
        ],
        [
            "n2VQDkgibQ3S8wPVH25Mea3TcQgVFFQqab",
            "mmw3WhZTskREP6mWFrt1kZbBcCDQk2nK7y",
            "mxVt29AwsyxgpmWNV2E8tz8s6PN21C4Eco",
            "n4HpWtPfeLbphLWZs5QegpFmtDNBzfaBJf",
            "mtTgeifiLQARv1UEfU9U62sR8ufcjBhMDH",
            "n1MNuHVuXEwa2sSCaXvCztUZFzJjPkCRvu",
            "mymwEqRpM3mTRAktEShDCiYKAA8HzT5eCQ",
            "mohwW2w1c5LedQL8AW7KpbC3euigrtnV5B",
            "mvD43r7ixog3wbwGD1EUYJWPaNPTMnATsk",
            "mmmostg23w95TuZDmNVreKxBUvm2YqVVPA",
        ],
    ),
    (
        &[
            "upub5EFU65HtV5TenAsQmGfynXEziH5oeivqa7AEuvMhq4pW84Ewp8LPQ1EMAh5ixzyv6dqtgaQAoeYv17Uxdr21DKfzyp4nYVFQcwRdpNRFGRm",
            "[73c5da0a/49'/1'/1']tpubDD7tXK8KeQ3YbrdciY1wchrsZJcoTyQPs5KCcf6WJzi32eMLeKgAQdsbUM3GVDtv7TjDYahiijScM9pGBo7HVUB6eRuMykN725Cyk5Y8UvK",
            "sh(wpkh([73c5da0a/49h/1h/1h]tpubDD7tXK8KeQ3YbrdciY1wchrsZJcoTyQPs5KCcf6WJzi32eMLeKgAQdsbUM3GVDtv7TjDYahiijScM9pGBo7HVUB6eRuMykN725Cyk5Y8UvK/0/*))#anx63w93",
        ],
        [
            "2N3QbAwmmFko9xpTp9hsXiLQ8xSXNhUEoF3",
            "2N4X69V9EiBediuZ72DWPJiVZ6sZh6Tk6HZ",
            "2NG1B24gbDv9cr6AUKiAixPFPnubdwiHkMD",
            "2MxWGUBYQVjP1r2ZVFkVpNTCnMF4p2m7fnR",
            "2N3mJTNv3U2Aj29mK5aVa1VVtimCYLbQE2Y",
            "2Mz4HsP2JWVSTYG6XLoNw1tUayLseky5cJ1",
            "2Mzw5utdwB9YHi5mAPrfXeTk4S7crYLuBmv",
            "2N5tUdNcohm8dsZDs7kSPiB3yNY55dck7xR",
            "2MuLJhSygBFSmg7651Gionkrs1zDx2bXdxg",
            "2NDYHJcEnDW6zkAbMGonSGp3n2syzo7zpmE",
        ],
    ),
    (
        &[
            "vpub5Y6cjg78GGuNQePrLecqwMCGL7x8YYGFKqN5LCciiMAuXWPjwsX9pvXhqKJdkzDeoE9xvFGM1j6cVLPqHEVDK5idBAye5LzWyqxjXcen358",
            "wpkh([73c5da0a/84h/1h/1h]tpubDC8msFGeGuwnP2xwTZBBZSie1BLgRAkJhgzpFYTdpGgZNzguXQhNDVWp7mJbHJUjQQvV2myLU9dkx67a7VAUnzY7yT7nvhHj7FgS4oNivvq/0/*)#gh39ruev",
            "wpkh([73c5da0a/84h/1h/1h]tpubDC8msFGeGuwnP2xwTZBBZSie1BLgRAkJhgzpFYTdpGgZNzguXQhNDVWp7mJbHJUjQQvV2myLU9dkx67a7VAUnzY7yT7nvhHj7FgS4oNivvq/<0;1>/*)",
            "wpkh(vpub5Y6cjg78GGuNQePrLecqwMCGL7x8YYGFKqN5LCciiMAuXWPjwsX9pvXhqKJdkzDeoE9xvFGM1j6cVLPqHEVDK5idBAye5LzWyqxjXcen358/0/*)",
        ],
        [
            "bcrt1qp7shgcwx3mpzgxjvff0d77vuhchcldzfxnktde",
            "bcrt1qynt29nsj8j972la4lu3efu42m5us2svm6wqm3w",
            "bcrt1qpcp2dkjrrc6ltktdur4z8yqp3vkyj2nzkd3v4r",
            "bcrt1qnlxqdfjrf75nllup9fgyre73g6tt9d9se0ee9r",
            "bcrt1q6cmq327ely2lg90y2wch7g7a43g24y9ud72fmz",
            "bcrt1qjmd8cyk73dvfm8aylz9eppl37ywlc6cmy7jprn",
            "bcrt1qprmkleuergglhz0le3cay0z9p9mwq6sju9hkvn",
            "bcrt1q65y9a57gm34p04gqcs3axh3hvj9ka52yrk5w3y",
            "bcrt1qhmyv0ps3fyaqjzvjcx4v5vglt56n33v54s8e57",
            "bcrt1q4jk9pccfqdg60rhmhngxw8ztj75h620z68p7yx",
        ],
    ),
    (
        &[
            "tr([73c5da0a/86h/1h/1h]tpubDDfvzhdVV4unxTr3yqNZkM2u5c8u9ecmsdWK6bFzZ4hE2tbjhSjhDa1dzsVymqrr19pZ43YK9c5CQwp7fcTNwHZg59Yt6Mdsu5myM4oUX42/0/*)#cx5fmap8",
        ],
        [
            "bcrt1p7d86ep54kqwzyke26cz6uux398tmweaf0valsqtc3aukp22wvzsq7aanpq",
            "bcrt1pvems8940kk3xmdyfsqvwcafv95x66d3s7k2u8zc5pd0xmfq7cskq0nvguq",
            "bcrt1p0mg6dllpd3nn3kuu0a5rqey9ekz0s4rza66hvmvn2np06vnj0klszlen8s",
            "bcrt1pc0lgfrk4utgzl3mzf2fqxd0svumqfwnzgsy7xwf69tt9lhplz0fqllpq0f",
            "bcrt1p7cyw2en0l7ady8988zuqazh39nhf8g2kel0phjk96lt0znfw0t0qe7qtfz",
            "bcrt1pwq4fy8h3mhgfkca4ntpszfy4aya6u5396dr2k4473x2jygsy7veq3jvlzy",
            "bcrt1pukk0mg5e00palv3r4d9y05y40yavp8jufkdxm7aec59s0ky3vjtsqptfjs",
            "bcrt1pup8cwwt82khve6yjzxhchpav2kwv5jsrve0uwulzs8j2j3qgvu7sh8tt9s",
            "bcrt1pwnarsss67sdrfss582f5y57s7592agmw8frtwqgxz9upahca9xwqxg0s63",
            "bcrt1pxc2uymlw38wdut39aktl7c8yjc7ff7kj25r3g88uhhaeuzyqj7asankhj0",
        ],
    ),
];

#[test]
fn a_wallet_of_several_keys_is_taken_by_its_descriptor() {
    let descriptor = "wsh(sortedmulti(2,[73c5da0a/48h/1h/0h/2h]tpubDFH9dgzveyD8zTbPUFuLrGmCydNvxehyNdUXKJAQN8x4aZ4j6UZqGfnqFrD4NqyaTVGKbvEW54tsvPTK2UoSbCC1PJY8iCNiwTL3RWZEheQ/0/*,[73c5da0a/48h/1h/1h/2h]tpubDEYM1BmQ5rp2PWKvCgvQxNeUrEv8gu5819xRdmu6S23fYpS8x2icwAeoVaBTLyN3fGWJQcWoaiKMduTXWKtG9bXNpVrZPRF7XVxrANtAEcR/0/*))#qlaetprj";
    let address = "bcrt1qxwl0xr54w8zz9dtpflkq3ajm8z3vf5ncns4xz0395mzm9qhjk3tqk5m2r5";
    assert_eq!(firsts(REGTEST, descriptor, 1), [address]);
    let alone = with_prefix(ZPUB, [0x02, 0xaa, 0x7e, 0xd3]);
    assert_eq!(refused(BITCOIN, &alone), AccountError::Multisig { key: "Zpub" });
}

#[test]
fn litecoin_takes_its_own_prefixes_and_bitcoins_with_a_remark() {
    // "abandon ... about" at m/44'/2'/0', m/49'/2'/0' and m/84'/2'/0'.
    let old = "xpub6BnJJjq783EdyBeQPA9P9ao9DTS3fUqyKG5NJDcrCiwwxEkesGoHN94LZRGE7rz1jgcvmmp8j55BNx573KFq1WBwKiemzkdfNKffKx6Mvku";
    let nested = "xpub6BimUhwogkaPLu45SjGYfraR1vvNPuU8JJ6hgMxYsxriXmt9LSkfgssKAy9zxQyVepKnd4sHKoktDavq9TAePK9s7Z233qBHLVRnWzLxU2W";
    let segwit = "xpub6CjGURuDpczf6uNrCCwfhVizn5J3hsWcvZ2m6GAdmAjZnoWJPrx6TFPjGSftc2o5fvox6ubQjSXmjjaHZjwYMH7SGFpHHb9Jg24zBf66mbE";
    let old_address = "LUWPbpM43E2p7ZSh8cyTBEkvpHmr3cB8Ez";
    let nested_address = "M7wtsL7wSHDBJVMWWhtQfTMSYYkyooAAXM";
    let segwit_address = "ltc1qjmxnz78nmc8nq77wuxh25n2es7rzm5c2rkk4wh";
    let (ltub, mtub) = (with_prefix(old, LTUB), with_prefix(nested, MTUB));
    assert!(ltub.starts_with("Ltub2") && mtub.starts_with("Mtub2"));
    for (text, address, is_assumed) in [
        (ltub, old_address, false),
        (mtub, nested_address, false),
        (old.to_owned(), old_address, true),
        (with_prefix(segwit, ZPUB_VERSION), segwit_address, true),
        (
            format!("wpkh([73c5da0a/84h/2h/0h]{segwit}/0/*)"),
            segwit_address,
            false,
        ),
    ] {
        assert_eq!(firsts(LITECOIN, &text, 1), [address]);
        let remarks = Account::parse(LITECOIN, &text).unwrap().remarks().join(" ");
        assert_eq!(
            remarks.contains("was taken as a litecoin account"),
            is_assumed,
            "{text}: {remarks}"
        );
    }
    let ltub = with_prefix(old, LTUB);
    assert!(matches!(
        refused(BITCOIN, &ltub),
        AccountError::WrongNetwork {
            key: "Ltub",
            found: "litecoin (mainnet)",
            ..
        }
    ));
    let descriptor = format!("pkh({ltub}/0/*)");
    assert_eq!(firsts(LITECOIN, &descriptor, 1), [old_address]);
    assert!(matches!(
        refused(BITCOIN, &descriptor),
        AccountError::WrongNetwork { .. }
    ));
}

#[test]
fn evm_accounts_have_the_addresses_of_other_software() {
    let first = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    let second = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    let chain = format!("{JUNK}/0/*");
    for text in [
        JUNK,
        JUNK_CHAIN,
        &chain,
        "[00000000/44'/60'/0']xpub6Ce9NcJvTk36xtLSrJLZqE7wtgA5deCeYs7rSQtreh4cj6ByPtrg9sD7V2FNFLPnf8heNP3FGkeV9qwfzvZNSd54JoNXVsXFYSYwHsnJxqP",
    ] {
        assert_eq!(firsts(EVM, text, 2), [first, second], "{text}");
    }
    // Another path only when it is said: old wallets keep their addresses right below the account.
    assert_eq!(
        firsts(EVM, &format!("{JUNK}/*"), 2),
        [
            "0x1e59ce931B4CFea3fe4B875411e280e173cB7A9C",
            "0xc89D42189f0450C2b2c3c61f58Ec5d628176A1E7"
        ]
    );
    assert_eq!(Account::parse(EVM, JUNK).unwrap().canonical(), chain);
    assert_eq!(
        Account::parse(EVM, JUNK)
            .unwrap()
            .address(9)
            .unwrap()
            .text()
            .as_ref(),
        "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720"
    );
}

#[test]
fn tron_accounts_have_the_addresses_of_a_real_wallet() {
    let shops = [
        "TE7g81hGm44xCztjtZ3dLpZTKvkZc7oRar",
        "TVtbrs6AEKQWRwCiXX2dpxPvtyY9yC4GjD",
    ];
    assert_eq!(firsts(Family::Tron, TRON_SHOPS, 2), shops);
    assert_eq!(firsts(Family::Tron, &format!("{TRON_SHOPS}/<0;1>/*"), 2), shops);
}

#[test]
fn what_can_spend_is_refused_and_never_repeated() {
    let xprv = "xprv9xnwuEJDHfgLkhZwH8cNnSrQfRbZG287x39mVqDEePQy5SRWKjV2pLjri8x93UfBSQdsGPeJFi8qXKexJUNj5eU3gEKfHUzo6EmuK6CSgEq";
    let words =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    for text in [
        xprv.to_owned(),
        // mistyped, but still nearly whole
        xprv.replace("EmuK", "EmuL"),
        with_prefix(xprv, [0x04, 0xb2, 0x43, 0x0c]),
        with_prefix(xprv, [0x01, 0x9d, 0x9c, 0xfe]),
        // a private key behind the prefix of a public one
        with_prefix(xprv, [0x04, 0x88, 0xb2, 0x1e]),
        format!("wpkh({xprv}/0/*)"),
        format!("wsh(sortedmulti(1,{XPUB}/0/*,{xprv}/0/*))"),
        // WIF, as in the examples of BIP-173's time
        "L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY1".to_owned(),
        "5KYZdUEo39z3FPrtuX2QbbwGnNP5zTd7yyr2SC1j299sBCnWjss".to_owned(),
        "wpkh(L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY1)".to_owned(),
        // a wrong letter in it changes nothing
        "L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY2".to_owned(),
        "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80".to_owned(),
        "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80".to_owned(),
        words.to_owned(),
        format!("  {words}\n"),
    ] {
        for family in [BITCOIN, REGTEST, LITECOIN, EVM, Family::Tron] {
            assert_eq!(refused(family, &text), AccountError::PrivateKey, "{text}");
        }
    }
    let said = AccountError::PrivateKey.to_string();
    assert!(said.contains("never give payd a private key"), "{said}");
    assert!(!said.contains("xprv"));
}

#[test]
fn keys_of_another_network_are_refused_with_what_they_are() {
    let tpub = NODE_ACCOUNTS[0].0[0];
    for (family, text, key, found) in [
        (BITCOIN, tpub, "tpub", "a bitcoin test network"),
        (LITECOIN, tpub, "tpub", "a bitcoin test network"),
        (REGTEST, ZPUB, "zpub", "bitcoin (mainnet)"),
        (Family::Litecoin(Bip::Regtest), ZPUB, "zpub", "bitcoin (mainnet)"),
        (EVM, ZPUB, "zpub", "bitcoin (mainnet)"),
        (Family::Tron, tpub, "tpub", "a bitcoin test network"),
    ] {
        match refused(family, text) {
            AccountError::WrongNetwork {
                key: named,
                found: said,
                ..
            } => assert_eq!((named, said), (key, found)),
            other => panic!("{text}: {other}"),
        }
    }
    let mixed = format!("wsh(sortedmulti(1,{XPUB}/0/*,{tpub}/0/*))");
    assert!(matches!(
        refused(BITCOIN, &mixed),
        AccountError::WrongNetwork { key: "tpub", .. }
    ));
}

#[test]
fn what_gives_no_chain_of_addresses_is_refused_with_the_reason() {
    for (family, text, reason) in [
        (BITCOIN, String::new(), AccountError::NotAnAccount),
        (BITCOIN, "hello".to_owned(), AccountError::NotAnAccount),
        (BITCOIN, "x".repeat(10_000), AccountError::NotAnAccount),
        (
            BITCOIN,
            "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu".to_owned(),
            AccountError::NotAnAccount,
        ),
        (BITCOIN, format!("{ZPUB}x"), AccountError::Checksum),
        (BITCOIN, ZPUB.replace("rFR7", "rFR8"), AccountError::Checksum),
        (
            BITCOIN,
            format!("wpkh({XPUB}/0/*)#aaaaaaaa"),
            AccountError::Checksum,
        ),
        (BITCOIN, format!("wpkh({XPUB})"), AccountError::NoWildcard),
        (BITCOIN, format!("wpkh({XPUB}/0/5)"), AccountError::NoWildcard),
        (BITCOIN, format!("wpkh({XPUB}/0'/*)"), AccountError::Hardened),
        (BITCOIN, format!("wpkh({XPUB}/0/*h)"), AccountError::Hardened),
        (BITCOIN, format!("{ZPUB}/0'/*"), AccountError::Hardened),
        (BITCOIN, format!("wpkh({XPUB}/0/*"), AccountError::NotAnAccount),
        (BITCOIN, format!("pk({XPUB}/0/*)"), AccountError::Unpayable),
        (
            BITCOIN,
            format!("multi(1,{XPUB}/0/*,{TAPROOT}/0/*)"),
            AccountError::Unpayable,
        ),
        (
            BITCOIN,
            format!("wsh(sortedmulti(1,{XPUB}/0/*,{XPUB}/0/*))"),
            AccountError::Unpayable,
        ),
        (
            BITCOIN,
            with_prefix(XPUB, [1, 2, 3, 4]),
            AccountError::NotAnAccount,
        ),
        (EVM, format!("{JUNK}/0"), AccountError::NoWildcard),
        (EVM, format!("{JUNK}/0/*'"), AccountError::Hardened),
        (EVM, format!("{JUNK}/x/*"), AccountError::NotAnAccount),
        (EVM, format!("pkh({JUNK}/0/*)"), AccountError::NoDescriptors),
        (
            EVM,
            "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266".to_owned(),
            AccountError::NotAnAccount,
        ),
    ] {
        assert_eq!(refused(family, &text), reason, "{text}");
    }
}

#[test]
fn a_key_at_another_depth_is_taken_by_its_place_or_not_at_all() {
    let at = |depth: u8, child: u32| {
        let mut bytes = bs58::decode(XPUB).with_check(None).into_vec().unwrap();
        bytes[4] = depth;
        bytes[9..13].copy_from_slice(&child.to_be_bytes());
        if depth == 0 {
            bytes[5..9].fill(0);
        }
        bs58::encode(bytes).with_check().into_string()
    };
    let hardened = 1 << 31;
    for family in [BITCOIN, EVM] {
        assert!(
            Account::parse(family, &at(3, hardened + 7))
                .unwrap()
                .canonical()
                .contains("/0/*")
        );
        assert!(
            !Account::parse(family, &at(4, 0))
                .unwrap()
                .canonical()
                .contains("/0/*")
        );
        assert_eq!(refused(family, &at(4, 1)), AccountError::ChangeChain);
        for (depth, child) in [(2, hardened), (4, hardened + 2), (5, 0), (5, 3)] {
            assert!(matches!(
                refused(family, &at(depth, child)),
                AccountError::Depth { .. }
            ));
            let said = format!("{}/0/*", at(depth, child));
            assert!(Account::parse(family, &said).is_ok());
        }
    }
    // Wallets with a seed of their own kind have their account at the top.
    assert!(
        Account::parse(BITCOIN, &at(0, 0))
            .unwrap()
            .canonical()
            .contains("/0/*")
    );
    assert!(
        Account::parse(BITCOIN, &at(1, hardened))
            .unwrap()
            .canonical()
            .contains("/0/*")
    );
    assert!(matches!(
        refused(EVM, &at(1, hardened)),
        AccountError::Depth { .. }
    ));
}

#[test]
fn a_chain_for_change_is_taken_with_a_remark() {
    for (family, text) in [
        (BITCOIN, format!("wpkh({XPUB}/1/*)")),
        (EVM, format!("{JUNK}/1/*")),
    ] {
        let account = Account::parse(family, &text).unwrap();
        assert!(account.remarks().iter().any(|remark| remark.contains("change")));
    }
    assert!(
        Account::parse(BITCOIN, &format!("wpkh({XPUB}/<0;1>/*)"))
            .unwrap()
            .remarks()
            .is_empty()
    );
}

#[test]
fn a_chain_ends_at_two_to_the_31() {
    for (family, text) in [(BITCOIN, ZPUB), (EVM, JUNK), (Family::Tron, TRON_SHOPS)] {
        let account = Account::parse(family, text).unwrap();
        assert!(account.address(CHILDREN - 1).is_ok());
        for index in [CHILDREN, u32::MAX] {
            assert_eq!(account.address(index), Err(AccountError::Index { index }));
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_reading_an_account_panic(text in ".{0,200}", at in 0_usize..100, letter in "[ -~]") {
        let _ = Account::parse(BITCOIN, &text);
        let mut spoilt = format!("wsh(sortedmulti(1,{XPUB}/<0;1>/*,{TAPROOT}/0/*))");
        spoilt.replace_range(at..=at, &letter);
        let _ = Account::parse(BITCOIN, &spoilt);
        let mut path = format!("{JUNK}/0/*");
        let end = path.len() - at % 6;
        path.insert_str(end, &text);
        let _ = Account::parse(EVM, &path);
    }
}
