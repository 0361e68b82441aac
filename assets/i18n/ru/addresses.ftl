## Dashboard: the password once more

again-label = Ваш пароль
again-hint = Спрашиваем ещё раз, потому что от этого зависит, куда поступят деньги.
again-missing = Введите пароль: от этого зависит, куда поступят деньги.
again-wrong = Пароль неверный. Ничего не изменено.

## Dashboard: ways to receive

way-pool = Пул адресов
way-xpub = Ключ аккаунта
way-shared = Один адрес

## Dashboard: where a store receives

addresses-intro = Деньги идут от покупателей прямо на эти адреса. Ключей от них у payd нет и не бывает.
addresses-card-empty = Пока ничего не настроено: платежи в этой сети невозможны.
addresses-held = заняты платежами
addresses-resting = на паузе
addresses-free = свободны
addresses-waiting = ждут места
addresses-total = всего
addresses-amounts = вариантов одной суммы
addresses-retired-count = выведены
addresses-per-hour = Хватит примерно на { $rate } платежей в час, даже если до истечения срока никто не заплатит.
addresses-low-pool = Свободных адресов мало. Добавьте новые, сократите в настройках магазина время на оплату или паузу адресов либо используйте ключ аккаунта: с ним адреса не кончаются.
addresses-low-amounts = Свободных сумм мало, и платежам, возможно, придётся ждать. Разрешите больше сумм либо используйте ключ аккаунта или пул.
addresses-next-index = Следующий платёж получит адрес аккаунта с номером { $index }.
addresses-no-limit = У каждого платежа свой адрес: места хватит всегда.
addresses-unwatched = За этой сетью пока никто не следит, поэтому платежи в ней невозможны. Добавьте для неё узел на странице «Узлы» или в конфигурации.
addresses-wallet-altered = Эту настройку изменили в базе данных в обход payd. Платить туда никому не предлагается. Выясните, кто мог записывать в базу данных, и задайте настройку заново.
addresses-accepted-label = Принимается
addresses-changed-label = Последнее изменение
addresses-see = Посмотреть адреса
addresses-add = Добавить адреса
addresses-change-way = Изменить способ приёма
addresses-others-title = Сети без узла
addresses-simulated-title = Имитации сетей
addresses-simulated-text = Тестовые платежи идут в имитациях сетей внутри payd, которые сами создают нужные адреса. Настраивать ничего не надо, а реальные деньги туда отправить нельзя.
addresses-all-networks = Все сети
addresses-way-label = Способ приёма
addresses-pool-text = Пока платёж открыт, адрес из вашего списка принадлежит только ему. После платежа адрес выдерживает паузу и используется снова.
addresses-xpub-text = Каждый платёж получает новый адрес вашего кошелька, вычисленный по открытому ключу аккаунта. payd видит поступления, но потратить ничего не может.
addresses-shared-text = Все платежи идут на один адрес. Чьи это деньги, видно по суммам, которые различаются не больше чем на цент: для кошельков и бирж, дающих только один адрес. Покупатель должен заплатить ровно указанную сумму.
addresses-unpaid = Последние адреса, на которые пока ничего не поступило: { $count }.
addresses-gap = Подряд может идти до { $gap } адресов без поступлений, а кошельки обычно перестают искать после 20. Задайте в кошельке gap limit не меньше { $limit }, иначе он покажет не все ваши деньги (Electrum: wallet.change_gap_limit({ $limit }) в консоли; Sparrow: Settings, Advanced, Gap limit).
addresses-next-children = Следующие адреса
addresses-plan-label = Сколько платежей в час вы ожидаете самое большее?
addresses-plan-ask = Хватит ли места?
addresses-plan-enough = Места хватит.
addresses-plan-missing = Для этого добавьте адреса (ещё { $count }) либо сократите время на оплату или паузу адресов.
addresses-plan-too-many = Для этого нужно слишком много адресов. Используйте ключ аккаунта.
addresses-list-title = Адреса
addresses-list-empty = Адресов пока нет.
addresses-export = Экспорт в CSV
addresses-address-label = Адрес
addresses-state-label = Состояние
addresses-used-label = Последнее использование
addresses-received-label = Получено
addresses-proof-label = Владение
addresses-never = Никогда
addresses-nothing-yet = Пока ничего
addresses-and-more = и другие
addresses-proved-word = Подтверждено
addresses-not-proved = Не подтверждено
addresses-pages = Страницы списка
addresses-latest = Последние
addresses-earlier = Более ранние

## Dashboard: what an address is doing

addresses-state-altered = Изменён: не выдаётся
addresses-state-held = Занят платежом
addresses-state-retired-held = Будет выведен после своего платежа
addresses-state-shared = Общий для всех платежей
addresses-state-was-shared = Был общим; наблюдение продолжается
addresses-state-used = Использован один раз
addresses-state-retired = Выведен; наблюдение продолжается
addresses-state-resting = На паузе до { $until }
addresses-state-free = Свободен

## Dashboard: adding addresses

addresses-add-title = Добавить адреса: { $network }
addresses-list-label = Адреса
addresses-list-hint = Ваши адреса в сети { $network }, по одному в строке. После адреса через запятую можно указать подпись, подтверждающую владение. Никогда не вставляйте закрытый ключ или фразу восстановления.
addresses-file-label = Или взять из файла
addresses-cancel = Отмена
addresses-only-good = Добавить подходящие ({ $count }), остальные пропустить
addresses-findings = Можно добавить: { $good }, нельзя: { $bad }.
addresses-findings-hidden = Ещё строк, которые не показаны: { $count }.
addresses-none-given = Вставьте хотя бы один адрес.
addresses-lines-wrong = Ничего не добавлено: в некоторых строках ошибки, см. ниже.
addresses-added = Адреса добавлены. Теперь их могут получать новые платежи.
addresses-secret = Это закрытый ключ или фраза восстановления. Никогда никуда их не вставляйте, даже сюда: тот, кто их знает, может забрать все деньги. payd ничего не сохранил, но они могли остаться в буфере обмена, в браузере или у того, кто стоял за спиной. Считайте их раскрытыми: переведите деньги на новый кошелёк.
addresses-is-account = Это ключ аккаунта, а не адрес. Чтобы принимать с ним деньги, нажмите «Изменить способ приёма».
addresses-is-address = Это отдельный адрес, а не ключ аккаунта. Добавьте его в пул или принимайте деньги на него одного: способ «Один адрес» ниже.
addresses-same = Тот же адрес, что и в строке { $line }.
addresses-of-store = Этот адрес есть у магазина «{ $store }». Адрес может принадлежать только одному магазину.
addresses-of-another-way = Этот магазин уже принимает на него деньги другим способом: { $way }.
addresses-known = Этот адрес уже есть в пуле.
addresses-altered-row = Запись об этом адресе изменили в базе данных в обход payd. Такой адрес никогда не выдаётся. Не используйте его и выясните, кто мог записывать в базу данных.
addresses-wrong-network = Это адрес сети { $found }, а вы добавляете в { $wanted }.
addresses-checksum = В адресе опечатка: контрольная сумма не сходится. Скопируйте его ещё раз.
addresses-null = Деньги, отправленные на нулевой адрес, пропадают.
addresses-mweb = За адресами MWEB нельзя следить. Возьмите адрес, который начинается с ltc1, L или M.
addresses-malformed = Это не адрес. Нужен адрес сети { $wanted }.
addresses-signature-malformed = Кошельки этой сети не создают подписей такого вида. Скопируйте подпись целиком.
addresses-signature-mismatch = Подпись сделана не ключом этого адреса или не под этим текстом. Скопируйте текст точно как он показан и подпишите его самим адресом.
addresses-signature-high = Вторая половина этой подписи слишком велика: кошельки так не подписывают. Подпишите ещё раз.
addresses-signature-old-tron = Подпись сделана старым способом TRON. Подпишите через signMessageV2.
addresses-signature-unsupported = Для адресов этого вида payd понимает только подписи BIP-322.

## Dashboard: the way to receive, set

addresses-way-title = Способ приёма: { $network }
addresses-way-now = Сейчас
addresses-way-keeps = За прежними адресами магазина наблюдение продолжается, открытые платежи на них не прерываются.
addresses-way-before = Использовалось раньше
addresses-way-missing = Выберите способ приёма.
addresses-account-label = Ключ аккаунта
addresses-account-hint = Открытый ключ аккаунта (xpub, zpub, Ltub…) или его дескриптор, как его показывает кошелёк. Но не закрытый ключ (xprv…) и не фраза восстановления.
addresses-next-index-label = Продолжить с адреса номер (необязательно)
addresses-next-index-hint = Если кошелёк уже выдавал адреса этого аккаунта. Если не заполнить, payd продолжит после последнего выданного им адреса.
addresses-look-account = Посмотреть его адреса
addresses-look-shared = Посмотреть
addresses-look-pool = Принимать на адреса пула
addresses-slots-label = Сколько сумм рядом (необязательно)
addresses-slots-hint = Сколько платежей с одной ценой могут быть открыты одновременно. Обычно 99.
addresses-digits-label = Шаг между суммами в стейблкоинах
addresses-digits-usual = Обычный
addresses-not-a-number = Такое число не подходит.
addresses-sure-title = Куда пойдут деньги: { $network }
addresses-sure-before = Раньше
addresses-sure-after = Отныне
addresses-fingerprint-label = Отпечаток
addresses-compare-title = Сначала сравните
addresses-compare-text = Это первые адреса аккаунта для получения. Они должны совпадать с адресами в вашем кошельке и идти в том же порядке. Если это не так, остановитесь: деньги уйдут не туда.
addresses-sure-do = Отныне принимать сюда
addresses-way-set = Сохранено. Отныне новые платежи поступают туда.
addresses-way-set-empty = Сохранено, но пул пуст: добавьте адреса, без них платежи невозможны.
addresses-way-same = Ничего не изменилось: магазин уже принимает деньги туда.
addresses-account-of-store = С этим аккаунтом уже принимает деньги магазин «{ $store }». Заведите для каждого магазина свой аккаунт.
addresses-given-out = Некоторые из этих адресов уже выдавались. Номер следующего должен быть не меньше { $next }.
addresses-shared-known = Магазин уже выдавал этот адрес отдельным платежам, и отличить их деньги будет нельзя. Возьмите адрес, которого payd ещё не знает.
addresses-slot-count = Рядом может быть от 1 до 9999 сумм.
addresses-slot-digits = Число знаков после запятой у { $symbol }: { $decimals }. На меньшее суммы различаться не могут.
addresses-account-checksum = В ключе опечатка: контрольная сумма не сходится. Скопируйте его ещё раз целиком.
addresses-account-wrong-network = Ключи { $key } относятся к сети { $found }, а здесь сеть { $wanted }.
addresses-account-prefix = Начало этого ключа неизвестно. Известны xpub, ypub, zpub, tpub, upub, vpub, Ltub, Mtub и ttub.
addresses-account-multisig = Это один из нескольких ключей кошелька. Укажите дескриптор всего кошелька: wsh(sortedmulti(…)).
addresses-account-depth = Этот ключ отстоит от главного на столько шагов: { $depth }; это не аккаунт. Допишите после него путь к его адресам, например { $example }.
addresses-account-change = Это ключ цепочки для сдачи. Укажите ключ аккаунта.
addresses-account-hardened = В пути после ключа есть усиленные (hardened) шаги, для которых нужен закрытый ключ. Укажите открытый ключ, стоящий ниже них.
addresses-account-wildcard = Это только один адрес. Цепочка адресов для получения заканчивается на /0/*.
addresses-account-unpayable = У этого дескриптора нет адресов, на которые можно безопасно платить.
addresses-account-nonsense = Это не ключ аккаунта. Нужен расширенный открытый ключ (xpub…, zpub…, Ltub…) или дескриптор.
addresses-account-no-descriptors = Дескрипторы есть только у Bitcoin и родственных ему сетей. Укажите здесь xpub аккаунта.
addresses-account-index = Адреса аккаунта заканчиваются раньше этого номера.

## Dashboard: one address

addresses-one-title = Адрес
addresses-copy = Скопировать
addresses-child = номер { $index } в своём аккаунте
addresses-payment-label = Платёж
addresses-created-label = Добавлен
addresses-retired-label = Выведен
addresses-prove-title = Подтвердите, что адрес ваш
addresses-prove-text = Подпишите этот текст кошельком, которому принадлежит адрес. Это покажет, что ключ в ваших руках; деньги никуда не перемещаются.
addresses-sign-with-bitcoin = Используйте в кошельке «Подписать сообщение» (Sign message) для самого адреса.
addresses-sign-with-evm = Используйте в кошельке «Подписать сообщение» (personal_sign) от имени самого аккаунта.
addresses-sign-with-tron = Используйте в кошельке «Подписать сообщение» (signMessageV2) от имени самого аккаунта.
addresses-signature-label = Подпись
addresses-prove-do = Проверить подпись
addresses-proved = Подпись верна: адрес подтверждён как ваш.
addresses-retire-title = Вывести адрес из оборота
addresses-retire-text = Новые платежи его больше не получат. Наблюдение продолжится, и если на него ещё придут деньги, они будут учтены. Адрес можно вернуть.
addresses-retire-held-text = Он останется у своего платежа до его завершения, а потом новые платежи его не получат. Наблюдение продолжится, и адрес можно вернуть.
addresses-retire-do = Вывести
addresses-retired = Адрес выведен: новые платежи его не получат. Если на него ещё придут деньги, они будут учтены.
addresses-retired-held = Адрес останется у своего платежа до его завершения, а потом новые платежи его не получат.
addresses-restore-title = Вернуть адрес
addresses-restore-text = Его снова смогут получать новые платежи.
addresses-restore-do = Вернуть
addresses-restored = Адрес возвращён: его снова могут получать новые платежи.
