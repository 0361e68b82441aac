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

## Choosing the currency

select-title = お支払い通貨をお選びください
select-time-hint = 以内に選択
select-text = 金額は相場に応じて変わり、選択した時点で確定します。
select-no-rate = 現在レートなし
select-none = 現在、選択できる通貨がありません。{ $shop } にお問い合わせください。
select-held = 現在、{ $network } の { $symbol } はお支払い中のお客様が多いため、ご利用いただけません。別の通貨をお選びいただくか、数分後にもう一度お試しください。
select-rate-missing = 現在、{ $network } の { $symbol } のレートがありません。別の通貨をお選びいただくか、数分後にもう一度お試しください。
select-not-offered = 現在、このお支払いに { $network } の { $symbol } はご利用いただけません。別の通貨をお選びください。
select-unknown = この通貨の取り扱いは終了しました。別の通貨をお選びください。
select-busy = ただいま大変混み合っています。数秒後にもう一度お選びください。
select-expired-text = 選択できる時間を過ぎました。お支払いの必要はありません。{ $shop } に戻って、最初からやり直してください。

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
cancelled-unasked-text = { $shop } がこのお支払いをキャンセルしました。お支払いの必要はありません。
cancelled-remark = すでに送金された場合は、下記の決済番号を添えて { $shop } にお問い合わせください。
failed-title = このお支払いを完了できませんでした
failed-text = これ以上送金しないでください。下記の決済番号を添えて { $shop } にお問い合わせください。
preparing-title = 少々お待ちください
preparing-text = お支払いの準備をしています。このページを開いたままお待ちください。自動で更新されます。
queued-title = 順番をお待ちください
queued-text = ただいま多くのお客様がお支払い中のため、まだ送金しないでください。このページを開いたままお待ちください。順番になりましたら、お支払い内容が表示されます。
never-asked-text = 時間内に順番が回らなかったため、お支払いの必要はありません。{ $shop } に戻って、もう一度お試しください。
back-to-shop = { $shop } に戻る
leaving = { $host } に戻ります…
leaving-unless-paid = すでに送金された場合は、このページにとどまってください。それ以外の場合は { $host } に戻ります。
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
help-link = ヘルプを見る
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
too-many-title = しばらくお待ちください
too-many-text = お使いの回線からのアクセスが多すぎます。しばらく待ってから、もう一度お試しください。
try-again = もう一度試す

## Donations

donate-amount = 金額を選択
donate-own = その他
donate-own-label = ご希望の金額
donate-pay-with = お支払い通貨
donate-name = お名前
donate-message = メッセージ
donate-optional = 任意
donate-button = 寄付する
donate-foot = ご寄付は寄付先のウォレットへ直接送られます
donate-given = 目標 { $goal } のうち { $given }
donate-goal = 目標：{ $goal }
donate-count = { $count ->
   *[other] これまでの寄付：{ $count }件
}
donate-error-missing = 金額を選択するか、ご希望の金額を入力してください。
donate-error-amount = 金額は { $example } のように入力してください。
donate-error-zero = 0より大きい金額を入力してください。
donate-error-large = 1回の寄付の上限を超えています。より少ない金額をお選びください。
donate-error-currency = お支払い通貨をお選びください。
donate-error-name = お名前は{ $count }文字以内で入力してください。
donate-error-message = メッセージは{ $count }文字以内で入力してください。
donate-error-unavailable = 現在この方法ではお支払いいただけません。1分後にもう一度お試しいただくか、別の通貨でお支払いください。
donate-not-found-title = ページが見つかりません
donate-not-found-text = リンク全体が開かれているかご確認ください。
donate-closed-title = 現在、寄付を受け付けていません
donate-closed-text = このページでは現在、寄付を受け付けておりません。お気持ちに感謝いたします。
donate-not-understood-text = 前のページに戻って、もう一度お試しください。
donate-unavailable-text = 数秒後にもう一度お試しください。

## The widgets: an overlay on the shop's page, and the frame in it before the payment

widget-pay-title = 暗号資産でのお支払い
widget-donate-title = 暗号資産での寄付
widget-close = 閉じる
widget-loading = 読み込んでいます…
widget-unreachable = 読み込めませんでした。この画面を閉じて、しばらくしてからもう一度お試しください。
widget-starting = お支払いを準備しています…
widget-continue = お支払いに進む
widget-refused-title = このお支払いを開始できません
widget-refused-text = 代金は請求されていません。店舗にお知らせください。
widget-busy-text = 代金は請求されていません。この画面を閉じて、しばらくしてからもう一度お試しください。
widget-for-the-shop = 店舗の方へ：
widget-donate = 寄付する
widget-donate-text = 暗号資産での寄付でご支援ください
widget-dismiss = このバーを非表示にする
