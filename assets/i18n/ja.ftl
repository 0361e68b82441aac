### 日本語（です・ます調）。

language-name = 日本語

## Numbers and dates

digit-group = ,
decimal-mark = .
price-usd = ${ $amount }
price-eur = €{ $amount }
price-rub = ₽{ $amount }
price-cny = { $amount }元
price-gbp = £{ $amount }
price-jpy = ￥{ $amount }
price-brl = R${ $amount }
moment = { $year }年{ $month }月{ $day }日 { $hour }:{ $minute } UTC
sentences = { $first }{ $second }
announcement = { $title }。{ $text }

## Head

order = 注文番号 { $id }
price-label = 合計
test-banner = テスト決済：実際のお金は動きません

## Asking for the money

waiting-title = お支払いをお待ちしています
part-paid-title = 一部を受け取りました
send-more = { $received } を受け取りました。残り { $remaining } をお送りください。
time-left = 残り時間
time-left-hint = 以内にお支払い
amount-label = この金額を正確に送金
amount-label-more = 残りの金額を正確に送金
address-label = 送金先アドレス
network-label = ネットワーク
fee-hint = ウォレットの手数料は別途かかります。
exact-warning = 末尾の桁まで正確に { $amount } をお送りください。お支払いはこの金額で識別されるため、異なる金額では確認できません。
network-warning = { $network } で { $symbol } のみをお送りください。それ以外は失われるおそれがあります。
copy-amount = 金額をコピー
copy-address = アドレスをコピー
copy-detail = { $detail }をコピー
copy = コピー
copied = コピー済み
open-wallet = ウォレットで開く
qr-label = ウォレット用のQRコード
received-so-far = これまでの受取額
connection-lost = 接続が切れました。再接続後、このページは自動で更新されます。

## While it is confirmed

confirming-title = 送金を検出しました
confirming-text = ネットワークの承認を待っています。追加の送金は必要ありません。
unmined-text = 送金は届く途中で、最初のブロックへの取り込みを待っています。追加の送金は必要ありません。
unmined-close = このページを閉じても、確認は続きます。
confirmations = 承認 { $count }/{ $required }
confirming-wait = { $minutes ->
    [0] 通常1分以内に完了します。
   *[other] 通常{ $minutes }分以内に完了します。
}
confirming-close = このページを閉じても、お支払いに影響はありません。

## How it ended

paid-title = お支払いが完了しました
paid-text = ありがとうございます。{ $shop } がお支払いを受け取りました。
overpaid-remark = 請求額より { $excess } 多く送金されています。返金については { $shop } にお問い合わせください。
closing-title = お支払い期限を過ぎました
closing-text = 今からのお支払いはお控えください。すでにお支払い済みの場合は確認中です。結果はこのページに表示されます。
underpaid-title = 期限内の入金が不足しています
underpaid-text = 期限までに { $due } のうち { $received } を受け取りました。
underpaid-remark = これ以上の送金はお控えください。{ $shop } にご連絡いただければ、ご注文の完了または返金の対応を受けられます。
expired-title = お支払い期限が切れました
expired-text = お支払いの受付は終了しました。このアドレスには、これ以上送金しないでください。
expired-remark = 期限の直前にお支払いになった場合でも入金は確認され、このページは自動で更新されます。期限後にお支払いになった場合は、トランザクションを添えて { $shop } にお問い合わせください。
cancelled-title = このお支払いはキャンセルされました
cancelled-text = { $shop } がこのお支払いをキャンセルしました。このアドレスには送金しないでください。
failed-title = このお支払いを完了できませんでした
failed-text = これ以上送金しないでください。下記の決済番号を添えて { $shop } にお問い合わせください。
preparing-title = 少々お待ちください
preparing-text = お支払いの準備をしています。このページを開いたままお待ちください。自動で更新されます。
queued-title = 順番をお待ちください
queued-text = ただいま多くのお客様がお支払い中のため、まだ送金しないでください。このページを開いたままお待ちください。順番になりましたら、お支払い内容が表示されます。
never-asked-text = 時間内に順番が回らなかったため、お支払いの必要はありません。{ $shop } に戻って、もう一度お試しください。
back-to-shop = { $shop } に戻る
leaving = { $host } に戻ります…
stay = このページにとどまる
print = 控えを印刷

## Details

details = 詳細
detail-number = 決済番号
detail-network = ネットワーク
detail-due = 請求額
detail-received = 受取額
detail-rate = レート
rate = 1 { $symbol } = { $rate }
detail-email = メールアドレス
detail-created = 作成日時
detail-confirmed = 支払日時
detail-address = アドレス
detail-transaction = トランザクション
foot = 代金は店舗のウォレットへ直接送られます
language-choice = 言語

## Test payments

simulate-title = さまざまなケースを試す
simulate-text = これらのボタンは模擬のブロックチェーンに対して動作します。本番の決済にこのパネルはありません。
scenario-exact = 正確に支払う
scenario-under = 半額を支払う
scenario-over = 多く支払う
scenario-late = 期限後に支払う
scenario-twice = 2回支払う
scenario-wrong-token = 別の通貨で支払う
scenario-reorg = ブロックを取り消す

## Problems

not-found-title = お支払いが見つかりません
not-found-text = リンク全体が開かれているかご確認いただくか、店舗に戻って最初からやり直してください。
not-understood-title = 処理できませんでした
not-understood-text = お支払いページに戻って、もう一度お試しください。
unavailable-title = 現在ご利用いただけません
unavailable-text = 数秒後にもう一度お試しください。送金済みのお支払いが失われることはありません。
try-again = もう一度試す
