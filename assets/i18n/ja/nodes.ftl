## Dashboard: networks and their nodes

nodes-intro = payd は、他者が運営するノードやご自身のノードを通じて各ネットワークを読み取ります。1つが失敗すると、次のノードに問い合わせます。
nodes-refresh = 更新
nodes-none = オンになっているネットワークがまだないため、テスト決済のみ利用できます。お客様が支払いに使うネットワークをオンにしてください。
nodes-as-of = 取得日時：
nodes-failure = ネットワークの最新の変更は適用されていません：
nodes-error = 現在、このネットワークを読み取れません。payd が自動で再試行します。支払われたお金が失われることはなく、読み取れるまで決済が期限切れになることもありません。
nodes-alarm = 人による確認が必要です：
nodes-state-well = 最新
nodes-state-behind = 追いつき中
nodes-state-failing = 接続不可
nodes-state-starting = 開始中
nodes-theirs = 設定ファイルで設定済み
nodes-off-theirs = 設定ファイルでオフ
nodes-change = 変更
nodes-switch-on = オンにする
nodes-switch-off = オフにする
nodes-back = 戻る
nodes-tip = 最新のブロック
nodes-cursor = 読み取り済み
nodes-behind = 遅れ
nodes-behind-none = なし
nodes-behind-some =
    { $blocks ->
       *[other] { $blocks }ブロック、約{ $span }
    }
nodes-read = 最終読み取り
nodes-open = 受付中の決済
nodes-off = オフのネットワーク
nodes-providers-of = { $network } のノード
nodes-provider = ノード
nodes-provider-state = 状態
nodes-provider-well = 応答あり
nodes-provider-throttled = 問い合わせ過多
nodes-provider-resting = 一時休止
nodes-provider-unasked = 未問い合わせ
nodes-latency = 応答時間
nodes-lag-label = 遅れ
nodes-lag =
    { $blocks ->
       *[other] { $blocks }ブロック
    }
nodes-errors = 失敗
nodes-calls = 今日の呼び出し
nodes-budget = 残りの呼び出し枠
nodes-last-error = 最後のエラー
nodes-rests = { $span }後に再び問い合わせ：{ $reason }
nodes-percent = { $percent }%
nodes-milliseconds = { $ms }ミリ秒
nodes-span-seconds = { $count }秒
nodes-span-minutes = { $count }分
nodes-span-hours = { $count }時間
nodes-span-days =
    { $count ->
       *[other] { $count }日
    }

## Dashboard: switching networks on and off

nodes-on-title = { $network } をオンにする
nodes-change-title = { $network } を変更
nodes-choose = 問い合わせるノード
nodes-choose-hint = 運営者の異なるノードを2つ以上選んでください。2つのノードの結果が一致すると、支払いとして認められます。公開ノードは入れ替わることがあります。
nodes-own = ご自身のノード
nodes-own-hint = ご自身のノード、またはキーをお持ちのノードです。アドレスに含まれるキーはこのマシンに保管され、再表示されません。
nodes-url-label = アドレス { $number }
nodes-kind-label = 種類 { $number }
nodes-kind-by-url = アドレスから判別
nodes-header-label = キーのヘッダー { $number }（プロバイダーが求める場合）
nodes-header-example = { "tron-pro-api-key: …" }
nodes-tokens = トークン
nodes-tokens-hint = 選択していないトークンでの入金は検出されません。
nodes-confirmations = 承認数
nodes-confirmations-hint = 支払いとして認めるまでのブロック数：1～{ $limit }の数値、または { "0=1,100=2,1000=3" } のように決済額（ドル）に応じた段階で指定します。多いほど時間はかかりますが、安全です。
nodes-confirmations-wrong = 1～{ $limit }の数値、または { "0=1,100=2,1000=3" } のように0から始まり増えていく段階を入力してください。
nodes-anyway = 正常に応答しないノードがあっても使用する
nodes-save-hint = 適用のため payd が再起動します。数秒かかりますが、決済は続きます。
nodes-save = 保存
nodes-test = ノードをテスト
nodes-no-providers = ノードを選択するか、ご自身のノードのアドレスを入力してください。
nodes-not-good = 使用できないノードがあります。結果をご確認ください。何も変更していません。
nodes-refused = 受け付けられません：{ $reason }
nodes-probe-good = 正常です。{ $ms }ミリ秒で応答し、現在のブロックは { $height } です。
nodes-probe-fault = 使用できません：{ $reason }
nodes-probe-other = このノードは { $network } ではなく { $served } のものです。{ $network } のノードのアドレスを入力してください。
nodes-off-title = { $network } をオフにしますか？
nodes-off-text = payd は { $network } の読み取りを停止します。新しい決済は作成できず、届いたお金は再びオンにするまで検出されません。支払い済みの記録は残ります。
nodes-off-open =
    { $count ->
       *[other] { $count }件の決済が、まだ入金または承認を待っています。ネットワークを再びオンにするまで待つことになります。
    }
nodes-applying-title = ネットワークを変更しています
nodes-applying-text = 新しいネットワークで payd を再起動しています。このページは数秒後に自動で進みます。
nodes-applying-look = 今すぐ確認
nodes-done-changed = ネットワークを変更しました。
nodes-done-refused = 変更を適用できませんでした。payd はこれまでどおり動作します。
