## Dashboard: the password once more

again-label = パスワード
again-hint = 送金先に関わる操作のため、もう一度入力してください。
again-missing = パスワードを入力してください。送金先に関わる操作です。
again-wrong = パスワードが違います。何も変更していません。

## Dashboard: ways to receive

way-pool = アドレスプール
way-xpub = アカウントキー
way-shared = 1つのアドレス

## Dashboard: where a store receives

addresses-intro = 代金はお客様からこれらのアドレスへ直接送られます。payd が秘密鍵を持つことはありません。
addresses-card-empty = まだ設定されていません。このネットワークでは決済を作成できません。
addresses-held = 個が決済で使用中
addresses-resting = 個が休止中
addresses-free = 個が空き
addresses-waiting = 件が空き待ち
addresses-total = 個（合計）
addresses-amounts = 通りの金額（同じ価格あたり）
addresses-retired-count = 個が使用停止
addresses-per-hour = 誰も支払わずに期限切れになった場合でも、1時間に約{ $rate }件の決済に対応できます。
addresses-low-pool = 空きアドレスが残りわずかです。アドレスを追加するか、ストア設定で支払い期限またはアドレスの休止時間を短くしてください。尽きることのないアカウントキーも使えます。
addresses-low-amounts = 使える金額の空きが少ないため、決済に待ち時間が生じることがあります。金額の数を増やすか、アカウントキーまたはアドレスプールを使ってください。
addresses-next-index = 次の決済には、このアカウントの{ $index }番のアドレスが使われます。
addresses-no-limit = 決済ごとに専用のアドレスが使われるため、不足することはありません。
addresses-unwatched = このネットワークはまだ監視されていないため、決済を作成できません。「ノード」ページまたは設定ファイルでノードを追加してください。
addresses-wallet-altered = この設定は、payd 以外によってデータベース上で変更されています。この送金先がお客様に案内されることはありません。データベースに書き込めたのは誰かを調べてから、設定し直してください。
addresses-accepted-label = 受け付ける暗号資産
addresses-changed-label = 最終変更
addresses-see = アドレスを見る
addresses-add = アドレスを追加
addresses-change-way = 受け取り方法を変更
addresses-others-title = ノードのないネットワーク
addresses-simulated-title = 模擬ネットワーク
addresses-simulated-text = テスト決済は payd 内の模擬ネットワークで行われ、必要なアドレスは自動で作られます。設定は不要で、実際のお金を送ることはできません。
addresses-all-networks = すべてのネットワーク
addresses-way-label = 受け取り方法
addresses-pool-text = 受付中の決済ごとに、リストのアドレスを1つずつ割り当てます。決済が終わると、アドレスは休止期間を経て再び使われます。
addresses-xpub-text = 決済ごとに、ウォレットのアカウントの公開鍵から新しいアドレスを作ります。payd は入金を見ることができますが、使うことは一切できません。
addresses-shared-text = すべての決済を1つのアドレスで受け取ります。1セント以下の金額差でどの決済への入金かを見分けます。アドレスを1つしか発行しないウォレットや取引所向けの方法です。お客様は金額を正確に送る必要があります。
addresses-unpaid = 直近の{ $count }個には、まだ入金がありません。
addresses-gap = 入金のないアドレスが最大{ $gap }個続いています。一般にウォレットは20個続くと探すのをやめます。ウォレットのギャップリミットを{ $limit }以上に設定しないと、受け取ったお金がすべて表示されません（Electrum：コンソールで { "wallet.change_gap_limit(" }{ $limit }{ ")" }、Sparrow：Settings → Advanced → Gap limit）。
addresses-next-children = 次のアドレス
addresses-plan-label = 1時間に最大で何件の決済を見込んでいますか？
addresses-plan-ask = 足りるか確認
addresses-plan-enough = 足りています。
addresses-plan-missing = その件数に対応するには、アドレスをあと{ $count }個追加するか、支払い期限またはアドレスの休止時間を短くしてください。
addresses-plan-too-many = その件数には、現実的でない数のアドレスが必要です。アカウントキーを使ってください。
addresses-list-title = アドレス
addresses-list-empty = アドレスはまだありません。
addresses-export = CSVで書き出す
addresses-address-label = アドレス
addresses-state-label = 状態
addresses-used-label = 最終使用
addresses-received-label = 受取額
addresses-proof-label = 所有証明
addresses-never = なし
addresses-nothing-yet = まだなし
addresses-and-more = ほか
addresses-proved-word = 証明済み
addresses-not-proved = 未証明
addresses-pages = 一覧のページ
addresses-latest = 最新
addresses-earlier = 以前

## Dashboard: what an address is doing

addresses-state-altered = 改変あり：使用されません
addresses-state-held = 決済で使用中
addresses-state-retired-held = 決済の終了後に使用停止
addresses-state-shared = すべての決済で共用
addresses-state-was-shared = 以前は共用、現在も監視中
addresses-state-used = 1回使用済み
addresses-state-retired = 使用停止、現在も監視中
addresses-state-resting = { $until } まで休止
addresses-state-free = 空き

## Dashboard: adding addresses

addresses-add-title = アドレスを追加：{ $network }
addresses-list-label = アドレス
addresses-list-hint = ご自身の { $network } のアドレスを1行に1つずつ入力してください。コンマの後に、所有を証明する署名を付けることもできます。秘密鍵やリカバリーフレーズは絶対に貼り付けないでください。
addresses-file-label = またはファイルから読み込む
addresses-cancel = キャンセル
addresses-only-good = 問題のない{ $count }個だけを追加する
addresses-findings = 追加できるもの：{ $good }個、できないもの：{ $bad }個
addresses-findings-hidden = ほか{ $count }行は表示していません。
addresses-none-given = アドレスを1つ以上貼り付けてください。
addresses-lines-wrong = 誤りのある行があるため、何も追加していません。下記をご確認ください。
addresses-added = アドレスを追加しました。今後の決済で使われます。
addresses-secret = これは秘密鍵またはリカバリーフレーズです。ここを含め、どこにも絶対に貼り付けないでください。知られると、すべてのお金を奪われるおそれがあります。payd には保存していませんが、クリップボードやブラウザに残ったり、誰かに見られたりした可能性があります。漏えいしたものとみなし、新しいウォレットにお金を移してください。
addresses-is-account = これはアドレスではなくアカウントキーです。これで受け取るには「受け取り方法を変更」を選んでください。
addresses-is-address = これはアカウントキーではなく単独のアドレスです。プールに追加するか、下の「1つのアドレス」として受け取ってください。
addresses-same = { $line }行目と同じアドレスです。
addresses-of-store = このアドレスはストア「{ $store }」で使われています。1つのアドレスは1つのストアでしか使えません。
addresses-of-another-way = このストアは、すでに別の方法（{ $way }）でこのアドレスを使っています。
addresses-known = このアドレスはすでにプールにあります。
addresses-altered-row = このアドレスの記録は、payd 以外によってデータベース上で変更されています。このアドレスが割り当てられることはありません。使用せず、データベースに書き込めたのは誰かを調べてください。
addresses-wrong-network = これは { $found } のアドレスです。追加先は { $wanted } です。
addresses-checksum = 入力ミスがあります。チェックサムが一致しません。もう一度コピーしてください。
addresses-null = ヌルアドレスに送られたお金は失われます。
addresses-mweb = MWEBアドレスは監視できません。ltc1、L、M のいずれかで始まるアドレスを使ってください。
addresses-malformed = アドレスではありません。{ $wanted } のアドレスを入力してください。
addresses-signature-malformed = このネットワークのウォレットが作る署名の形式ではありません。全体をコピーしてください。
addresses-signature-mismatch = この署名は、このアドレスの鍵でこの文面に対して作られたものではありません。表示された文面をそのままコピーし、このアドレス自体で署名してください。
addresses-signature-high = この署名の後半の値が大きすぎます。通常のウォレットはこのような署名を作りません。もう一度署名してください。
addresses-signature-old-tron = TRON の旧方式で署名されています。signMessageV2 で署名してください。
addresses-signature-unsupported = この種類のアドレスでは、BIP-322 の署名のみ確認できます。

## Dashboard: the way to receive, set

addresses-way-title = 受け取り方法：{ $network }
addresses-way-now = 現在
addresses-way-keeps = これまでの受け取り先も引き続き監視され、受付中の決済はそのまま続きます。
addresses-way-before = 以前に使用
addresses-way-missing = 受け取り方法を選んでください。
addresses-account-label = アカウントキー
addresses-account-hint = ウォレットに表示されるアカウントの公開鍵（xpub、zpub、Ltub…）またはディスクリプタです。秘密鍵（xprv…）やリカバリーフレーズは絶対に入力しないでください。
addresses-next-index-label = 開始するアドレス番号（任意）
addresses-next-index-hint = ウォレットがこのアカウントのアドレスをすでに発行している場合に入力します。空欄なら、payd が最後に使った番号の次から続けます。
addresses-look-account = アドレスを見る
addresses-look-shared = 確認する
addresses-look-pool = プールで受け取る
addresses-slots-label = 並行して使う金額の数（任意）
addresses-slots-hint = 同じ価格の決済を同時に何件まで受け付けるか。通常は99です。
addresses-digits-label = ステーブルコインの金額の刻み
addresses-digits-usual = 標準
addresses-not-a-number = この数値は使えません。
addresses-sure-title = お金の受け取り先：{ $network }
addresses-sure-before = これまで
addresses-sure-after = 今後
addresses-fingerprint-label = フィンガープリント
addresses-compare-title = まず照合してください
addresses-compare-text = アカウントの最初の受取アドレスです。ウォレットの表示と、順序も含めて一致している必要があります。一致しない場合は中止してください。お金が別の場所へ送られてしまいます。
addresses-sure-do = 今後はここで受け取る
addresses-way-set = 保存しました。今後の決済はここで受け取ります。
addresses-way-set-empty = 保存しましたが、プールが空です。アドレスを追加しないと決済を作成できません。
addresses-way-same = 変更はありません。すでにここで受け取っています。
addresses-account-of-store = このアカウントはストア「{ $store }」で使われています。ストアごとに別のアカウントを使ってください。
addresses-given-out = 一部のアドレスはすでに割り当て済みです。次の番号は{ $next }以上にしてください。
addresses-shared-known = このアドレスはすでに個別の決済に割り当てられたことがあり、入金を区別できません。payd がまだ使っていないアドレスを選んでください。
addresses-slot-count = 並行して使える金額の数は1～9999です。
addresses-slot-digits = { $symbol } は小数点以下{ $decimals }桁までのため、それより細かい金額差は付けられません。
addresses-account-checksum = キーに入力ミスがあります。チェックサムが一致しません。全体をもう一度コピーしてください。
addresses-account-wrong-network = { $key } は { $found } のキーです。このネットワークは { $wanted } です。
addresses-account-prefix = このキーの先頭部分は対応していません。対応しているのは xpub、ypub、zpub、tpub、upub、vpub、Ltub、Mtub、ttub です。
addresses-account-multisig = これは複数の鍵を使うウォレットの鍵の1つです。ウォレットのディスクリプタ全体を入力してください：{ "wsh(sortedmulti(…))" }
addresses-account-depth = このキーはマスターキーから{ $depth }段下にあり、アカウントのキーではありません。{ $example } のように、アドレスまでのパスを後ろに付けてください。
addresses-account-change = これはお釣り用チェーンのキーです。アカウントのキーを入力してください。
addresses-account-hardened = キーに続くパスに強化導出の段があり、秘密鍵が必要になります。それより下の公開鍵を入力してください。
addresses-account-wildcard = これは1つのアドレスしか表しません。受取用チェーンは /0/* で終わります。
addresses-account-unpayable = このディスクリプタには、安全に受け取れるアドレスがありません。
addresses-account-nonsense = アカウントキーではありません。拡張公開鍵（xpub…、zpub…、Ltub…）またはアウトプットディスクリプタを入力してください。
addresses-account-no-descriptors = ディスクリプタは Bitcoin 系のネットワーク専用です。ここではアカウントの xpub を入力してください。
addresses-account-index = アカウントの番号の上限を超えています。

## Dashboard: one address

addresses-one-title = アドレス
addresses-copy = コピー
addresses-child = アカウントの{ $index }番
addresses-payment-label = 決済
addresses-created-label = 追加日時
addresses-retired-label = 使用停止日時
addresses-prove-title = 所有していることを証明
addresses-prove-text = このアドレスのあるウォレットで、この文面に署名してください。鍵を持っていることの証明になります。お金は動きません。
addresses-sign-with-bitcoin = ウォレットで、このアドレス自体の「メッセージに署名」を使ってください。
addresses-sign-with-evm = ウォレットで、このアカウント自体から「メッセージに署名」（personal_sign）を使ってください。
addresses-sign-with-tron = ウォレットで、このアカウント自体から「メッセージに署名」（signMessageV2）を使ってください。
addresses-signature-label = 署名
addresses-prove-do = 署名を確認
addresses-proved = 署名を確認しました。このアドレスの所有が証明されました。
addresses-retire-title = アドレスの使用を停止
addresses-retire-text = 今後の決済には使われなくなります。監視は続くため、後から届いた入金も記録されます。元に戻すこともできます。
addresses-retire-held-text = 現在の決済が終わるまでは使われ、その後の決済には使われません。監視は続き、元に戻すこともできます。
addresses-retire-do = 使用を停止
addresses-retired = アドレスの使用を停止しました。今後の決済には使われません。後から届いた入金は記録されます。
addresses-retired-held = このアドレスは現在の決済が終わるまで使われ、その後の決済には使われません。
addresses-restore-title = アドレスの使用を再開
addresses-restore-text = 今後の決済で再び使われます。
addresses-restore-do = 使用を再開
addresses-restored = アドレスの使用を再開しました。今後の決済で使われます。
