//! What the sources answer, in the form that their documentation gives, with figures of our own.

/// What each built-in source is asked at.
pub const COINGECKO: &str = "api.coingecko.com";
pub const KRAKEN: &str = "api.kraken.com";
pub const BINANCE: &str = "data-api.binance.vision";
pub const COINBASE: &str = "api.coinbase.com";
pub const BITFINEX: &str = "api-pub.bitfinex.com";
pub const ECB: &str = "www.ecb.europa.eu";

/// The prices are of 10 s before the start.
pub const COINGECKO_SAYS: &str = r#"{
  "bitcoin": {"usd": 60012.5, "eur": 55211.5, "rub": 5401125, "jpy": 9001875.0, "kwd": 18003.75, "last_updated_at": 1799999990},
  "ethereum": {"usd": 3001.25, "eur": 2761.15, "last_updated_at": 1799999990},
  "litecoin": {"usd": 80.05, "eur": 73.65, "last_updated_at": 1799999990},
  "tron": {"usd": 1.2e-1, "eur": 0.1104, "last_updated_at": 1799999990},
  "tether": {"usd": 0.99985, "eur": 0.91986, "rub": 89.9865, "last_updated_at": 1799999990},
  "usd-coin": {"usd": 1.0, "eur": 0.92, "last_updated_at": 1799999990}
}"#;

pub const KRAKEN_SAYS: &str = r#"{"error":[],"result":{
  "XXBTZUSD":{"a":["60000.20000","1","1.000"],"b":["60000.10000","2","2.000"],"c":["60000.10000","0.00067643"],"v":["4083.67","4412.73"],"p":["60706.7","60689.1"],"t":[34619,38907],"l":["59868.3","59868.3"],"h":["61631.0","61631.0"],"o":"60502.8"},
  "XXBTZEUR":{"a":["55200.0","1","1.000"],"b":["55199.9","1","1.000"],"c":["55200.0","0.1"],"o":"55000.0"},
  "XETHZUSD":{"a":["3000.10","1","1.000"],"b":["3000.00","1","1.000"],"c":["3000.05","0.5"],"o":"2990.1"},
  "XLTCZUSD":{"a":["80.03","1","1.000"],"b":["80.01","1","1.000"],"c":["80.02","5.0"],"o":"79.1"},
  "TRXUSD":{"a":["0.120100","1","1.000"],"b":["0.120000","1","1.000"],"c":["0.120050","100.0"],"o":"0.119"},
  "USDTZUSD":{"a":["0.99990","1","1.000"],"b":["0.99980","1","1.000"],"c":["0.99990","100.0"],"o":"0.9999"},
  "ZEURZUSD":{"a":["1.08710","1","1.000"],"b":["1.08690","1","1.000"],"c":["1.08700","100.0"],"o":"1.0860"},
  "ZUSDZJPY":{"a":["150.010","1","1.000"],"b":["149.990","1","1.000"],"c":["150.000","100.0"],"o":"149.5"},
  "SOMENEWPAIR":{"a":["1","1","1"],"b":["1","1","1"],"c":["1","1"],"o":"1"}
}}"#;

pub const BINANCE_SAYS: &str = r#"[
  {"symbol":"BTCUSDT","price":"60020.00000000"},
  {"symbol":"ETHUSDT","price":"3001.00000000"},
  {"symbol":"LTCUSDT","price":"80.04000000"},
  {"symbol":"TRXUSDT","price":"0.12010000"},
  {"symbol":"USDCUSDT","price":"1.00010000"},
  {"symbol":"BTCEUR","price":"55210.00000000"},
  {"symbol":"EURUSDT","price":"1.08700000"},
  {"symbol":"BTCBRL","price":"300100.00000000"}
]"#;

pub const COINBASE_SAYS: &str = r#"{"data":{"currency":"USD","rates":{
  "AED":"3.6725","BTC":"0.0000166638895","ETH":"0.0003332777870","LTC":"0.0124937","USDT":"1.0001","USDC":"1.0",
  "EUR":"0.9199","JPY":"150.02","RUB":"90.01","KWD":"0.30005","BRL":"5.001","USD":"1.0","00":"8.55","TRX":"8.33"}}}"#;

pub const BITFINEX_SAYS: &str = r#"[
  ["tBTCUSD",60005,21.5,60007,18.2,150,0.0025,60006,1500.5,60500,59000],
  ["tETHUSD",3000.1,100,3000.3,90,5,0.0017,3000.2,9000.1,3050,2950],
  ["tLTCUSD",80.01,100,80.03,90,0.5,0.0063,80.02,5000,81,79],
  ["tUSTUSD",0.9998,100000,1,90000,0,0,0.9999,5000000,1.001,0.999]
]"#;

/// The sheet of the day before the start.
pub const ECB_SAYS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<gesmes:Sender>
		<gesmes:name>European Central Bank</gesmes:name>
	</gesmes:Sender>
	<Cube>
		<Cube time='2027-01-14'>
			<Cube currency='USD' rate='1.0870'/>
			<Cube currency='JPY' rate='163.05'/>
			<Cube currency='GBP' rate='0.86960'/>
			<Cube currency='BRL' rate='5.4361'/>
			<Cube currency='ISK' rate='150.10'/>
			<Cube currency='XXX' rate='7'/>
		</Cube>
	</Cube>
</gesmes:Envelope>"#;

/// What stands in the way of an API now and then.
pub const HTML: &str =
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>1.0</body></html>";
