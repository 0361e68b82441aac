//! How it was proved that somebody holds the key of a receive address.

super::vocabulary! {
    /// The kind of signature that proved it.
    Proof, "kind of proof" {
        /// A signed message of Bitcoin-like wallets, from which the public key is recovered (BIP-137).
        Bip137Legacy = "bip137",
        /// A transaction that cannot be sent, signed as if it spent from the address (BIP-322).
        Bip322 = "bip322",
        /// `personal_sign` of EVM wallets (EIP-191).
        Eip191 = "eip191",
        /// `signMessageV2` of TRON wallets.
        Tron = "tron",
    }
}
