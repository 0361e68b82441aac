## Dashboard: a store’s overview

overview-modes = 本番またはテスト決済
overview-live = 本番
overview-test = テスト
overview-new = 新しい決済
overview-test-shown = テスト決済を表示しています。これらの数値に実際のお金は含まれません。
overview-figures = 売上
overview-today = 今日
overview-month = 過去30日間
overview-month-count = 30日間の支払い件数
overview-paid-payments = { $count ->
   *[other] 決済{ $shown }件
}
overview-change-more = その前の30日間より { $percent }% 増加
overview-change-less = その前の30日間より { $percent }% 減少
overview-change-none = その前の30日間と同じ
overview-no-change = その前の30日間は売上なし
overview-paid-percent = 終了した決済の { $percent }% が支払い済み
overview-utc = 1日の区切りはUTCの午前0時です
overview-days-title = 日別の売上
overview-days-desc = 過去30日間を1日1本の棒で表しています。合計 { $sum }、最高の日は { $top } です。下の表でも同じ内容を確認できます。
overview-days-none = 過去30日間の売上はありません。
overview-days-table = 表で見る
overview-day = { $month }月{ $day }日
overview-day-label = 日
overview-count-label = 決済数
overview-sum-label = 合計
overview-mixed = 価格に複数の通貨が使われているため、合計は決済作成時の価値を米ドルに換算したものです。
overview-unvalued = { $count ->
   *[other] { $count }件の決済は、価値が不明なため合計に含まれていません。
}
overview-assets-title = 暗号資産別
overview-assets-none = 過去30日間に支払いはありませんでした。
overview-asset-sold = { $count ->
   *[other] { $sum } · 決済{ $shown }件
}
overview-funnel-title = 決済の結果
overview-funnel-made = 作成
overview-funnel-seen = 入金を検出
overview-funnel-paid = 支払い済み
overview-funnel-underpaid = 不足
overview-funnel-expired = 期限切れ
overview-funnel-cancelled = キャンセル
overview-funnel-open = 受付中
overview-latest-title = 最新の決済
overview-latest-all = すべての決済
overview-latest-none = 決済はまだありません。
overview-payment-label = 決済
overview-status-label = ステータス
overview-asset-label = 支払い通貨
overview-made-label = 作成日時
overview-price-label = 価格

## Dashboard: what of a store needs attention

overview-attention-title = 確認が必要
overview-disabled = このストアは閉鎖中です。新しい決済は受け付けません。
overview-test-mode = このストアはテストモードです。本番キーは拒否されます。
overview-not-recording-full = 記録できません。ディスクがいっぱいです。空き容量を確保すると、payd は自動的に再開します。
overview-not-recording-read-only = 記録できません。データベースに書き込めません。アクセス権を確認すると、payd は自動的に再開します。
overview-not-recording-failing = 記録できません。ディスクが書き込みを受け付けません。故障や空き容量を確認すると、payd は自動的に再開します。
overview-not-recording-damaged = 記録を停止しました。データベースファイルが破損しています。payd を停止し、最後のバックアップを復元してください。
overview-no-network = 実際のお金を確認するためのノードが payd にありません。テスト決済のみ利用できます。
overview-no-address = 実際のお金を受け取るアドレスがありません。
overview-inbox = { $count ->
   *[other] どの決済にも計上されていない入金が{ $count }件あります。
}
overview-inbox-many = どの決済にも計上されていない入金が{ $count }件以上あります。
overview-low-pool = { $free ->
    [0] { $network } の空きアドレスがありません。新しい決済は拒否されます。
   *[other] { $network } の空きアドレスは残り{ $free }個です。
}
overview-unread = { $network } を読み取れません。このネットワークでの支払いを検出できません。
overview-unread-since = { $network } を { $time } から読み取れていません。このネットワークでの支払いを検出できません。
overview-alarm = { $network } に確認が必要な問題があります。
overview-webhook-failed = { $url } がwebhookを受け取りません。送信を断念したものがあります。
overview-webhook-waits = { $url } へのwebhookがしばらく待機しています。
overview-no-second-factor = パスワードだけでサインインしています。2段階認証を追加してください。
overview-to-account = アカウント
overview-steps-title = はじめの一歩
overview-step-done = 完了
overview-step-test = テスト決済を作成し、支払われる様子を見る
overview-step-address = ご自身のアドレスまたはアカウントキーを追加する
overview-step-webhook = ショップが決済の通知を受け取る場所を payd に設定する
overview-step-key = ショップ用の本番APIキーを作成する
overview-step-backup = キーファイルとデータベースのバックアップを保存する

## Dashboard: the inbox

inbox-about = アドレスに届いたものの、どの決済にも計上されていない入金です。いずれにせよあなたのお金です。どう扱うかを決めてください。
inbox-which = 表示する入金
inbox-open = 未対応
inbox-all = すべて
inbox-none = 確認するものはありません。届いたお金はすべて決済に計上されています。
inbox-amount-label = 金額
inbox-reason-label = 理由
inbox-payment-label = 決済
inbox-when-label = 日時
inbox-worth-label = 現在の価値
inbox-worth-unknown = 不明
inbox-network-label = ネットワーク
inbox-address-label = 入金先
inbox-transaction-label = トランザクション
inbox-pages = 一覧のページ
inbox-latest = 最新
inbox-earlier = 以前
inbox-reason-gone = ブロックがチェーンから外れ、入金もなくなりました。再び取り込まれれば自動的に戻ります。
inbox-reason-counted = 決済に計上されています。
inbox-reason-late = 決済の期限後に届きました。
inbox-reason-wrong-asset = 決済で指定されたものとは別の暗号資産です。
inbox-reason-second = 決済はすでに支払い済みです。二重払いまたは過払いです。
inbox-reason-after-end = 届いたときには決済が終了していました。
inbox-reason-unmatched = このアドレスで入金を待っている決済がありませんでした。
inbox-handled-attached = { $time } に決済へ割り当て
inbox-handled-dismissed = { $time } に対応済み
inbox-letter-title = 入金
inbox-attach-title = 決済に割り当てる
inbox-attach-hint = 期限内に届いたものとして決済に計上され、ショップに通知されます。
inbox-proposals = 候補の決済
inbox-no-proposal = このアドレスでこの暗号資産を待っている決済はありません。
inbox-lacks = { $amount } 不足
inbox-other = 別の決済
inbox-other-label = 決済番号または注文番号
inbox-why-label = 理由（監査ログに残ります）
inbox-attach = 割り当てる
inbox-attached = 入金を決済に計上しました。必要な承認数に達すると確定します。
inbox-dismiss-title = 対応済みにする
inbox-dismiss-hint = 返金した場合や、内容がわかっている場合に使います。決済には計上されません。
inbox-dismiss = 対応済みにする
inbox-dismissed = 対応済みにしました。「すべて」で確認できます。
inbox-mistake-reason = 理由を500文字以内で入力してください。
inbox-mistake-no-payment = このストアに、その決済番号または注文番号の決済はありません。
inbox-mistake-counts = この入金はすでに { $number } に計上されています。
inbox-mistake-gone = ブロックがチェーンから外れ、入金もなくなりました。
inbox-mistake-network = 入金は { $found } で届きましたが、{ $number } は { $wanted } で支払われるものです。この注文のために { $found } の決済を作成してそこに割り当てるか、返金してから対応済みにしてください。
inbox-mistake-currency = 入金は { $found } ですが、{ $number } は { $wanted } で支払われるものです。この注文のために { $found } の決済を作成してそこに割り当てるか、返金してから対応済みにしてください。
inbox-mistake-takes-none = { $number } は入金を受け付けません（{ $status }）。この注文のために新しい決済を作成してそこに割り当てるか、返金してください。
inbox-mistake-place = { $number } のアドレスでは別の決済が入金を待っています。承認数が{ $count }に達してから割り当ててください。

## Dashboard: balances

balances-about = これまでに決済で受け取った金額です。payd はお金を預かりません。お金はご自身のウォレットにあり、その後の出金はここには反映されません。
balances-about-test = テスト決済で受け取った金額です。実際のお金ではありません。
balances-none = まだ受け取りはありません。
balances-csv = CSVをダウンロード
balances-worth-title = 受取額（現在のレートで換算）
balances-short = 現在レートのない暗号資産は含まれません。
balances-asset-label = 暗号資産
balances-settled-label = 受取額
balances-pending-label = 到着待ち
balances-held-label = アドレスの残高
balances-held-hint = 「アドレスの残高」は、payd が最後にチェーンと照合した時点の残高です。
balances-no-rate = レートなし
