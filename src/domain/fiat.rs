//! Fiat currencies: ISO 4217 codes with their minor units, as data.

/// Declares the table: variant, code, digits of the minor unit (ISO 4217, list one), name.
macro_rules! currencies {
    ($($variant:ident $code:literal $digits:literal $name:literal),+ $(,)?) => {
        super::vocabulary! {
            /// A fiat currency that a price can be stated in, by its ISO 4217 code.
            Fiat, "fiat currency" {
                $(#[doc = $name] $variant = $code),+
            }
        }

        impl Fiat {
            /// Digits after the point that the currency's minor unit has: 2 for cents, 0 for the yen, 3 for the dinar.
            #[must_use]
            pub const fn digits(self) -> u8 {
                match self { $(Self::$variant => $digits),+ }
            }

            /// The currency's English name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

// Those for which two of the rate sources have a rate. The first ones are the commonest, and listed first.
currencies! {
    Usd "USD" 2 "US dollar",
    Eur "EUR" 2 "Euro",
    Rub "RUB" 2 "Russian rouble",
    Cny "CNY" 2 "Chinese yuan",
    Gbp "GBP" 2 "Pound sterling",
    Jpy "JPY" 0 "Japanese yen",
    Brl "BRL" 2 "Brazilian real",
    Aed "AED" 2 "UAE dirham",
    Ars "ARS" 2 "Argentine peso",
    Aud "AUD" 2 "Australian dollar",
    Bdt "BDT" 2 "Bangladeshi taka",
    Bhd "BHD" 3 "Bahraini dinar",
    Cad "CAD" 2 "Canadian dollar",
    Chf "CHF" 2 "Swiss franc",
    Clp "CLP" 0 "Chilean peso",
    Czk "CZK" 2 "Czech koruna",
    Dkk "DKK" 2 "Danish krone",
    Gel "GEL" 2 "Georgian lari",
    Hkd "HKD" 2 "Hong Kong dollar",
    Huf "HUF" 2 "Hungarian forint",
    Idr "IDR" 2 "Indonesian rupiah",
    Ils "ILS" 2 "Israeli new shekel",
    Inr "INR" 2 "Indian rupee",
    Isk "ISK" 0 "Icelandic krona",
    Krw "KRW" 0 "South Korean won",
    Kwd "KWD" 3 "Kuwaiti dinar",
    Lkr "LKR" 2 "Sri Lankan rupee",
    Mxn "MXN" 2 "Mexican peso",
    Myr "MYR" 2 "Malaysian ringgit",
    Ngn "NGN" 2 "Nigerian naira",
    Nok "NOK" 2 "Norwegian krone",
    Nzd "NZD" 2 "New Zealand dollar",
    Php "PHP" 2 "Philippine peso",
    Pkr "PKR" 2 "Pakistani rupee",
    Pln "PLN" 2 "Polish zloty",
    Ron "RON" 2 "Romanian leu",
    Sar "SAR" 2 "Saudi riyal",
    Sek "SEK" 2 "Swedish krona",
    Sgd "SGD" 2 "Singapore dollar",
    Thb "THB" 2 "Thai baht",
    Try "TRY" 2 "Turkish lira",
    Twd "TWD" 2 "New Taiwan dollar",
    Uah "UAH" 2 "Ukrainian hryvnia",
    Vnd "VND" 0 "Vietnamese dong",
    Zar "ZAR" 2 "South African rand",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_three_capitals_and_its_minor_unit_is_that_of_iso_4217() {
        for fiat in Fiat::ALL {
            let code = fiat.word();
            assert!(
                code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()),
                "{code}"
            );
            let digits = match code {
                "CLP" | "ISK" | "JPY" | "KRW" | "VND" => 0,
                "BHD" | "KWD" => 3,
                _ => 2,
            };
            assert_eq!(fiat.digits(), digits, "{code}");
            assert_eq!(code.parse(), Ok(*fiat));
            assert!(!fiat.name().is_empty());
        }
    }
}
