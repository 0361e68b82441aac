### APIのドキュメント。説明本体は、どの言語でも英語です。

## The documentation

docs-heading = APIドキュメント
docs-title = { $api } のAPI · payd
docs-overview = 概要
docs-apis = API一覧
docs-contents = このページの内容
docs-skip = 本文へ移動
docs-back = ダッシュボードに戻る
docs-own = { $store } のテストキーが入力されています。

docs-lead-text = payd は、1つのアドレスで同時に5つのAPIに対応します。いずれもホスティング型ゲートウェイのAPIです。ショップがすでにそのどれかを使っていれば、変更するのはホスト名とキーだけです。お金はお客様のウォレットからご自身のウォレットへ直接送られます。
docs-pick-title = どのAPIを選ぶか
docs-pick-text = どれも初めての場合、価格がドルなら PayHook を、ほかの通貨の価格を使う場合やお客様に支払い通貨を選んでもらう場合は soko をお選びください。どのキーでもすべてのAPIを呼び出せます。webhookの形式はストア自身のAPIで決まります。
docs-payhook-text = 1つのヘッダーにキーを入れ、価格は米セント、ネットワークと通貨は自由に指定できます。Idempotency-Key を使えば安全に再試行できます。
docs-soko-text = 署名付きの呼び出し、暗号資産または約40種類の通貨での価格、お客様が支払い通貨を選ぶページ。レート、残高、寄付、ウィジェットもあります。
docs-crypto-pay-text = 署名付きの呼び出し1つとwebhook1つで、TRON の USDT を受け取れます。各プロジェクトは1つのウェブサイトに属し、新しいものはテストモードで始まります。
docs-usdt-payments-text = 署名付きの呼び出し1つとwebhook1つで、TRON の USDT を受け取れます。ウェブサイトに関する制限はありません。
docs-cryptopayment-text = 米ドルの請求書ごとに専用のアドレスを使います。Bitcoin、Litecoin、Ether、USDT に対応し、キーとシークレットは1つのヘッダーで送ります。
docs-price = 価格
docs-test-title = テストモード
docs-test-text = テストキーが実際のチェーンに触れることはありません。その決済は payd 内の模擬チェーン上で、実際のお金と同じ処理を通ります。テストキーを作成し、決済を作成して、支払いページまたはコマンドで支払ってください：
docs-simulate-text = 不足、過払い、二重払い、期限後、チェーンによる取り消し。テスト決済の支払いページにあるパネルで、これらすべてを試せます。
docs-webhooks-title = webhook
docs-webhooks-text = 決済に変化があると、payd は署名付きのメッセージをサーバーに送信します。エンドポイントごとに1つの形式があり、本文、署名、再送の方法が決まります：
docs-webhook-verify = 何よりも先に、受け取ったままの本文に対して署名を検証してください。
docs-webhook-answer = メッセージを保存したらすぐに 2xx を返し、処理はその後に行ってください。
docs-webhook-twice = 同じメッセージが2回届くことがあります。各決済の処理は1回だけにしてください。
docs-webhook-mode = テストかどうかを確認してください。テスト決済に対して商品を引き渡してはいけません。
docs-standard-text = 6つ目の形式として standard があります。payd 独自の決済データに Standard Webhooks のヘッダーを付けたもので、多くの言語に検証用ライブラリがあります。

docs-quick-title = クイックスタート
docs-key-text = テストキーを作成します。キーとシークレットは1回だけ表示されます。下のプログラムに入力してください。
docs-site-text = プロジェクトのサイトを payd に設定します。success_url と fail_url のアドレスは、そのドメイン上にある必要があります。
docs-endpoint-text = サーバーがwebhookを受け取る場所を payd に設定します。応答には、署名に使われるシークレットが含まれます。
docs-endpoint-own-text = サーバーがwebhookを受け取る場所を payd に設定します。署名には、決済を作成したキーのAPIシークレットが使われます。
docs-endpoint-key-text = サーバーがwebhookを受け取る場所を payd に設定します。キーごとに別の場所を指定できます。応答には、署名に使われる APP_KEY が含まれます。
docs-languages = プログラミング言語
docs-create-title = 決済を作成してステータスを確認
docs-create-text = お客様の案内先を表示し、続いて決済の状況を表示するプログラムです。
docs-verify-title = webhookを受け取る
docs-verify-text = 完全なサーバーです。ポート8000で待ち受け、署名のないものを拒否し、支払われた注文を表示します。
docs-verify-shell-text = 試用向けです。ファイルに保存したwebhookを検証します。サーバーにはほかの言語を使ってください。

docs-authentication-title = 認証
docs-public = 公開
docs-parameters = パラメーター
docs-body = 本文
docs-reply = 応答
docs-same-fields = フィールドは次と同じです：
docs-errors = エラー
docs-required = 必須
docs-example = 例：
docs-events = イベント
docs-headers = ヘッダー
docs-signature = 署名
docs-acknowledged = 受信確認と再送
