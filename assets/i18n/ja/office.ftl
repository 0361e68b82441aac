## Dashboard: what stands around every page

office-skip = 本文へ移動
office-store = ストア
office-account = アカウント：
office-sign-out = サインアウト
office-navigation = ページ
office-waiting = 未対応
office-to-start = 最初のページへ
office-not-found-title = 見つかりません
office-not-found-text = このページは存在しないか、閲覧できないストアのものです。
office-forbidden-title = この役割では利用できません
office-forbidden-text = この操作には役割「{ $role }」が必要です。オーナーに操作または役割の変更を依頼してください。
office-foreign-title = このページから送信されていません
office-foreign-text = フォームがこのダッシュボードのページから送信されなかったか、ページを開いている間にサインインの期限が切れました。何も変更していません。前のページに戻って読み込み直し、もう一度操作してください。
office-signed-out-title = サインアウトしました
office-signed-out-text = サインインしていないか、サインインが終了しています。何も変更していません。
office-link-gone-title = このセットアップ用リンクは無効です
office-link-gone-text = すでに使われたか、payd の再起動により新しいリンクが発行されました。payd のセットアップが済んでいる場合は、サインインしてください。
office-too-many-title = 試行回数が多すぎます
office-unread-title = 読み取れませんでした
office-unread-text = 送信された内容が長すぎるか、途中で切れています。何も変更していません。
office-failed-title = 処理できませんでした
office-failed-text = 内部エラーのため処理できませんでした。詳しくはログをご覧ください。何も変更していません。
office-docs-text = ショップとpaydの連携方法：6つの言語のクイックスタートとリファレンス。
office-docs-overview = どれを使えばよいか：概要
office-docs-key = テストキーを入れる
office-docs-key-hint = このストアのテストキーを作り、このブラウザーで1時間、サンプルプログラムに入れます。キーはAPIキーの一覧に残ります。
role-owner = オーナー
role-staff = スタッフ
role-read-only = 閲覧のみ

## Dashboard: navigation

nav-overview = 概要
nav-payments = 決済
nav-counter = POSレジ
nav-inbox = 要確認の入金
nav-balances = 残高
nav-donations = 寄付
nav-addresses = アドレス
nav-webhooks = webhook
nav-keys = APIキー
nav-widget = 決済ウィジェット
nav-settings = ストア設定
nav-stores = ストア
nav-nodes = ノード
nav-notices = 通知
nav-users = ユーザー
nav-audit-log = 監査ログ
nav-backup = バックアップ
nav-docs = ドキュメント
nav-about = payd について

## Dashboard: signing in

entry-sign-in-title = サインイン
entry-name-label = ユーザー名
entry-password-label = パスワード
entry-sign-in = サインイン
entry-wrong = ユーザー名またはパスワードが違います。
entry-too-many = 失敗した試行が多すぎます。{ $seconds }秒後にもう一度お試しください。
