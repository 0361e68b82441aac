## Dashboard: one’s own account

account-title = アカウント
account-password = パスワードの変更
account-password-old = 現在のパスワード
account-password-new = 新しいパスワード
account-password-again = 新しいパスワード（確認）
account-password-hint = 10文字以上。この端末ではサインインしたまま、ほかの端末からはすべてサインアウトします。
account-password-go = パスワードを変更
account-password-done = パスワードを変更しました。ほかの端末からはすべてサインアウトしました。
account-language = 言語
account-language-browser = ブラウザの設定に従う
account-language-done = 言語を変更しました。
account-sessions = サインイン中の端末
account-sessions-end = ほかの端末からサインアウト
account-sessions-done = ほかの端末からすべてサインアウトしました。
account-session-done = セッションを終了しました。
session-browser = ブラウザ
session-address = 接続元
session-since = 開始
session-seen = 最終使用
session-this = この端末
session-end = 終了
people-save = 保存
people-cancel = キャンセル
people-actions = 操作
people-back-account = アカウントに戻る
own-password = ご自身のパスワード
own-password-wrong = パスワードが違います。
password-too-short = パスワードは{ $length }文字以上にしてください。
password-too-long = このパスワードは長すぎます。
password-too-plain = このパスワードは簡単に推測されます。いくつかの単語を組み合わせるか、パスワードマネージャーで作成してください。
password-not-same = 2つのパスワードが一致しません。

## Dashboard: reached by a wrong name

entry-host-title = このアドレスでは開けません
entry-host-text = このダッシュボードには、このアドレスが設定されていません。ご自身のものであれば、設定ファイルの [dashboard] セクションにある public_url に、入力したアドレスを設定し、payd を再起動してください。

## Dashboard: the second factor

entry-second-title = 2段階目の認証
entry-second-label = アプリのコードまたはリカバリーコード
entry-second-hint = スマートフォンのアプリに表示される6桁の数字です。30秒ごとに変わり、各コードは1回だけ使えます。
entry-second-go = 続ける
entry-second-other = 別のユーザーでサインイン
entry-second-wrong = コードが間違っているか、古いか、すでに使われています。
second-factor-title = サインイン時の2段階認証
second-factor-is-on = オン
second-factor-is-off = オフ
second-factor-why = 2段階認証を使うと、サインインのたびにスマートフォンのアプリがコードを作るため、パスワードが盗まれただけではサインインされません。
second-factor-switch-on = オンにする
second-factor-change = リカバリーコード・オフにする
second-factor-step-scan = 1. 認証アプリに payd を追加
second-factor-qr = 認証アプリ用のQRコード
second-factor-type = アプリで読み取るか、キーをアプリに入力してください：
second-factor-open = この端末のアプリで開く
second-factor-step-code = 2. 動作を確認
second-factor-code = アプリに表示された6桁の数字
second-factor-wrong-on = このキーのコードではありません。スマートフォンとサーバーの時計を見比べ、最新のコードを入力してください。
second-factor-off = 2段階認証をオフにする
second-factor-off-hint = オフにすると、パスワードだけでサインインできるようになり、リカバリーコードは無効になります。
second-factor-off-go = オフにする
second-factor-off-done = 2段階認証をオフにしました。
recovery-title = リカバリーコード
recovery-once = これらのコードは今回だけ表示されます。各コードで1回だけ、アプリなしでサインインできます。印刷するか、パスワードマネージャーに保存してください。アプリの入ったスマートフォンには保存しないでください。
recovery-print = 印刷
recovery-done = 保管しました
recovery-left = { $count ->
   *[other] 残りのリカバリーコード：{ $count }個
}
recovery-new = 新しいリカバリーコード
recovery-new-hint = 残りが少ないときや、誰かに見られた可能性があるときに作成してください。古いコードは無効になります。
recovery-new-go = 新しいコードを作成

## Dashboard: users

user-add = ユーザーを追加
user-new-title = 新しいユーザー
user-back = すべてのユーザー
user-role = 役割
role-may-owner = すべて可能：受け取り先、キー、ユーザーの管理。
role-may-staff = 日常業務：決済、要確認の入金、POSレジ、webhookの再送。
role-may-read-only = 閲覧のみ。変更はできません。
user-stores = ストア
user-all-stores = すべてのストア
user-some-stores = 次のストアのみ：
user-self = 自分
user-disabled = 無効
user-since = 追加日時
user-rights = 役割とストア
user-where = サインイン先
user-name-wrong = ユーザー名は64文字以内の英数字と . - _ @ で、先頭は英数字にしてください。
user-name-taken = 同じ名前のユーザーがすでにいます。
user-role-missing = 役割を選んでください。
user-store-missing = ストアを1つ以上選ぶか、すべてのストアを選んでください。
user-last-owner = サインインできる最後のオーナーです。先に別のユーザーをオーナーにしてください。
user-owner-sees-all = オーナーはすべてのストアを閲覧できます。
own-password-for-owner = ご自身のパスワード（オーナーに指定する場合）
user-add-done = ユーザーを追加しました。
user-change-done = 役割とストアを変更しました。
user-password-made = payd が作成し、1回だけ表示する
user-password-typed = 自分で入力する：
user-password-once = パスワードは今回だけ表示されます。本人に直接渡し、変更してもらってください。
user-password-kept = 保管しました
user-password-new = 新しいパスワード
user-password-hint = パスワードを忘れたユーザーのための操作です。すべての端末からサインアウトされます。
user-password-go = パスワードを設定
user-password-done = パスワードを変更しました。すべての端末からサインアウトしました。
user-second-factor-hint = スマートフォンとリカバリーコードをなくしたユーザーのための操作です。本人からの依頼であることを確認してください。
user-second-factor-done = このユーザーの2段階認証をオフにしました。
user-disable = 無効にする
user-disable-ask = 直ちにサインアウトされ、再び有効にするまでサインインできません。
user-disable-go = このユーザーを無効にする
user-disable-done = ユーザーを無効にし、サインアウトしました。
user-enable = 有効にする
user-enable-done = このユーザーは再びサインインできます。
user-own-account = ご自身のパスワード、2段階認証、セッションは「アカウント」で管理できます。
user-sessions = サインイン中の端末
user-sign-out = すべての端末からサインアウト
user-sign-out-done = すべての端末からサインアウトしました。
user-no-sessions = ありません。
people-copy = コピー

## Dashboard: the audit log

log-export = CSVをダウンロード
log-when = 日時
log-actor = 操作者
log-action = 操作
log-subject = 対象
log-detail = 詳細
log-everybody = 全員
log-everything = すべて
log-filter = 表示
log-all = すべて表示
log-empty = 手動の操作はまだありません。
log-pages = 前後の記録
log-newest = 最新
log-older = 以前

## Dashboard: backup

backup-what = payd のすべてのデータを1つのファイルにまとめます：現時点のデータベースとキーファイル。
backup-database = データベース
backup-key = キーファイル
backup-secret = この2つには、APIキー、webhookのシークレット、サインイン情報のすべてが含まれます。データベースはキーファイルがないと使えません。コピーは他人の目に触れない場所に、できれば2つを別々に保管してください。ウォレットの鍵は含まれません。payd は持っていないためです。
backup-go = バックアップをダウンロード
backup-busy = バックアップの作成またはダウンロードがすでに進行中です。終わってからもう一度お試しください。
backup-restore = 復元するには
backup-restore-how = payd を停止し、両方のファイルをデータディレクトリに展開して既存のものと置き換え、payd を起動します。バックアップ後の決済は含まれていません。最初の新しい決済の前に、アカウントキーのアドレス番号を、割り当て済みのものより先に進めてください。
backup-cli = 毎晩の自動バックアップには、次のコマンドを使えます：

## Dashboard: about payd

about-version = バージョン
about-target = 対象環境
about-rust = コンパイラ
about-licence = ライセンス
about-started = 起動日時
about-minutes = { $count ->
   *[other] { $count }分
}
about-hours = { $count ->
   *[other] { $count }時間
}
about-days = { $count ->
   *[other] { $count }日
}
about-database = データベース
about-schema = スキーマ { $version }
about-place = データディレクトリ
about-listens-customers = お客様とショップ用の待ち受け
about-listens-dashboard = ダッシュボード用の待ち受け
about-listens-metrics = メトリクス用の待ち受け
about-licences = payd に使われているソフトウェア
about-licences-text = payd は次のフリーソフトウェアのパッケージで作られています（ライセンス別）。
