## Dashboard: the first run

start-step-owner = あなた
start-step-store = ストア
start-step-coins = 暗号資産
start-step-addresses = アドレス
start-step-webhook = 通知
start-step-test = テスト
start-steps = 手順
start-title-owner = payd のセットアップ
start-title-store = ストア
start-title-coins = 何で支払いを受けますか？
start-title-addresses = お金をどこで受け取りますか？
start-title-webhook = 決済をどこに通知しますか？
start-title-test = 試してみる
start-next = 続ける
start-skip = 今はしない

start-owner-text = この payd は、このページに入力した人のものになります。今後のサインイン方法を決めてください。
start-owner-password-hint = 10文字以上。記号入りの1語より、覚えやすい単語をいくつか並べるほうが安全です。

user-name-mistake = ユーザー名は1～64文字の英数字と . - _ @ で、先頭は英数字にしてください。
password-short = パスワードは{ $least }文字以上にしてください。
password-long = このパスワードは長すぎます。
password-plain = このパスワードは簡単に推測されます。いくつかの単語を組み合わせるか、パスワードマネージャーで作成してください。

start-store-name-label = ストアの名前
start-store-name-hint = 支払いページでお客様に表示されます。
start-store-name-mistake = 名前は1～64文字で、改行を含めず、ハイフン以外で始めてください。
start-store-name-taken = 同じ名前のストアがすでにあります。
start-fiat-label = 通貨
start-api-label = 現在ショップが使っているゲートウェイはどれですか？
start-api-payhook = PayHook、またはまだない
start-api-soko = soko
start-api-crypto-pay = Crypto Pay（下のウェブサイトが必要）
start-api-usdt-payments = USDT Payments
start-api-cryptopayment = CryptoPayment
start-website-label = ショップのウェブサイト（任意）
start-website-mistake = { "https://shop.example" } のように入力してください。Crypto Pay では必須です。
start-website-taken = このウェブサイトは別のストアで使われています。

start-coins-text = お客様が支払いに使えるネットワークを選んでください。payd は公開ノードを通じて監視します。外部のアカウントは必要ありません。
start-coins-fixed = 設定ファイルで設定済み
start-coins-refused = オンにできませんでした：{ $reason }
start-coins-remark = ご自身のノードやほかのネットワークは、後から「ノード」で追加できます。

start-addresses-text = 受け取り先を貼り付けてください。ご自身のアドレスを1行に1つずつ、またはアカウントの公開鍵（xpub、ypub、zpub）を入力します。公開鍵の場合、payd が決済ごとに新しいアドレスを作ります。
start-addresses-warning = シードフレーズや秘密鍵は、ここにもほかの場所にも絶対に貼り付けないでください。payd には不要で、受け付けません。
start-addresses-none = ネットワークが選ばれていません。テストだけなら問題ありません。アドレスはいつでも追加できます。
start-addresses-file = またはファイルから：
start-address-good = 問題ありません：{ $found }
start-addresses-good = { $count ->
   *[other] 問題のない行：{ $count }行
}
start-account-good = アカウントの公開鍵です。最初のアドレスは { $address } です。ウォレットと照合してください。
start-secret = これがあればお金を動かせてしまいます！見た人は誰でも残高を奪えます。新しいウォレットにお金を移し、このような語句は二度と貼り付けないでください。何も保存していません。
start-other-network = これは { $found } のアドレスです。ここでは { $wanted } のアドレスが必要です。
start-bad-address = ここでは受け取れません：{ $reason }
start-no-address = { $wanted } のアドレスでも、アカウントの公開鍵でもありません。

start-webhook-text = payd はすべての決済を、署名付きの通知でこのURLに送信し、ショップのバックエンドに知らせます。すぐに送信を試します。
start-webhook-label = URL（任意）
start-webhook-hint = このマシンやローカルネットワークでもかまいません。
start-webhook-try = 続けて試す
start-webhook-refused = このURLは使えません：{ $reason }
start-webhook-secret = webhookのシークレット
start-webhook-arrived = テストが届きました。
start-webhook-not-arrived = テストは届きませんでした。実際の通知は繰り返し再送されます。
start-webhook-replied = 応答は HTTP { $status } でした。
start-webhook-slow = 時間内に応答がありませんでした。
start-keys-text = ストアのキーです。表示は今回だけなので、今すぐショップの設定にコピーしてください。
start-base-url = payd のAPIのアドレス
start-key-test = テストキー
start-secret-test = テストシークレット
start-key-live = 本番キー
start-secret-live = 本番シークレット
start-copy = コピー

start-test-text = テスト決済を作成しましょう。payd 内の模擬チェーン上で行われ、お金は動きません。
start-test-order = テスト注文
start-test-make = テスト決済を作成
start-test-look = お客様の画面を見る
start-test-pay = 模擬のお金で支払う
start-test-seen = 検出しました。承認を待っています…
start-test-paid = 支払い済み
start-done-text = これで完了です。今後ショップが作成する決済は、概要に表示されます。
start-done = 概要へ進む
