## Dashboard: a store’s overview

overview-modes = Реальные или тестовые платежи
overview-live = Реальные
overview-test = Тестовые
overview-new = Новый платёж
overview-test-shown = Показаны тестовые платежи. Реальных денег в этих цифрах нет.
overview-figures = Продажи
overview-today = Сегодня
overview-month = Последние 30 дней
overview-month-count = Оплачено за 30 дней
overview-paid-payments = { $count ->
    [one] { $shown } платёж
    [few] { $shown } платежа
   *[many] { $shown } платежей
}
overview-change-more = На { $percent } % больше, чем за предыдущие 30 дней
overview-change-less = На { $percent } % меньше, чем за предыдущие 30 дней
overview-change-none = Как за предыдущие 30 дней
overview-no-change = За предыдущие 30 дней ничего не было
overview-paid-percent = Из завершённых оплачено { $percent } %
overview-utc = День начинается в полночь по UTC
overview-days-title = Продажи по дням
overview-days-desc = По столбцу на каждый из последних 30 дней. Всего { $sum }; лучший день — { $top }. То же самое — в таблице ниже.
overview-days-none = За последние 30 дней продаж не было.
overview-days-table = Показать таблицей
overview-day = { $day } { $month ->
    [1] янв.
    [2] февр.
    [3] мар.
    [4] апр.
    [5] мая
    [6] июн.
    [7] июл.
    [8] авг.
    [9] сент.
    [10] окт.
    [11] нояб.
   *[12] дек.
}
overview-day-label = День
overview-count-label = Платежи
overview-sum-label = Сумма
overview-mixed = Цены указаны в разных валютах: суммы приведены в долларах США по стоимости на момент создания платежей.
overview-unvalued = { $count ->
    [one] { $count } платёж не вошёл в суммы: его стоимость неизвестна.
    [few] { $count } платежа не вошли в суммы: их стоимость неизвестна.
   *[many] { $count } платежей не вошли в суммы: их стоимость неизвестна.
}
overview-assets-title = По монетам
overview-assets-none = За последние 30 дней ничего не оплачено.
overview-asset-sold = { $count ->
    [one] { $sum } · { $shown } платёж
    [few] { $sum } · { $shown } платежа
   *[many] { $sum } · { $shown } платежей
}
overview-funnel-title = Что стало с платежами
overview-funnel-made = Создано
overview-funnel-seen = Деньги замечены
overview-funnel-paid = Оплачено
overview-funnel-underpaid = Оплачено не полностью
overview-funnel-expired = Срок истёк
overview-funnel-cancelled = Отменено
overview-funnel-open = Ещё открыто
overview-latest-title = Последние платежи
overview-latest-all = Все платежи
overview-latest-none = Платежей пока нет.
overview-payment-label = Платёж
overview-status-label = Статус
overview-asset-label = Чем оплачен
overview-made-label = Создан
overview-price-label = Цена

## Dashboard: what of a store needs attention

overview-attention-title = Требует внимания
overview-disabled = Магазин отключён и не принимает новых платежей.
overview-test-mode = Магазин в тестовом режиме: его рабочие ключи отклоняются.
overview-not-recording-full = Ничего нельзя записать: диск заполнен. Освободите место, payd продолжит сам.
overview-not-recording-read-only = Ничего нельзя записать: база данных недоступна для записи. Проверьте права доступа, payd продолжит сам.
overview-not-recording-failing = Ничего нельзя записать: диск не принимает данные. Проверьте, исправен ли он и есть ли на нём место, payd продолжит сам.
overview-not-recording-damaged = Ничего больше не записывается: файл базы данных повреждён. Остановите payd и восстановите последнюю резервную копию.
overview-no-network = У payd нет узла, через который видны реальные деньги: работают только тестовые платежи.
overview-no-address = Нет адреса для приёма реальных денег.
overview-inbox = { $count ->
    [one] { $count } перевод не засчитан ни одному платежу.
    [few] { $count } перевода не засчитаны ни одному платежу.
   *[many] { $count } переводов не засчитаны ни одному платежу.
}
overview-inbox-many = Переводов, не засчитанных ни одному платежу: { $count } или больше.
overview-low-pool = { $free ->
    [0] В сети { $network } не осталось свободных адресов: новые платежи там отклоняются.
    [one] В сети { $network } остался { $free } свободный адрес.
    [few] В сети { $network } осталось { $free } свободных адреса.
   *[many] В сети { $network } осталось { $free } свободных адресов.
}
overview-unread = Сеть { $network } недоступна: платежи в ней не видны.
overview-unread-since = Сеть { $network } недоступна с { $time }: платежи в ней не видны.
overview-alarm = Сеть { $network } требует внимания.
overview-webhook-failed = { $url } не принимает вебхуки: от одного пришлось отказаться.
overview-webhook-waits = Вебхуки для { $url } уже некоторое время ждут отправки.
overview-no-second-factor = Вы входите только по паролю. Добавьте второй фактор.
overview-to-account = Ваша учётная запись
overview-steps-title = Первые шаги
overview-step-done = Готово
overview-step-test = Создайте тестовый платёж и посмотрите, как он оплачивается
overview-step-address = Добавьте свои адреса или ключ аккаунта
overview-step-webhook = Укажите, куда сообщать вашему магазину о платежах
overview-step-key = Создайте рабочий API-ключ для вашего магазина
overview-step-backup = Сохраните резервную копию файла ключа и базы данных

## Dashboard: the inbox

inbox-about = Деньги, которые пришли на ваши адреса, но не засчитаны ни одному платежу. Они в любом случае ваши: решите, что с ними делать.
inbox-which = Какие переводы
inbox-open = К разбору
inbox-all = Все
inbox-none = Разбирать нечего: все поступившие деньги засчитаны платежам.
inbox-amount-label = Сумма
inbox-reason-label = Почему он здесь
inbox-payment-label = Платёж
inbox-when-label = Когда
inbox-worth-label = Стоимость сейчас
inbox-worth-unknown = Неизвестна
inbox-network-label = Сеть
inbox-address-label = На адрес
inbox-transaction-label = Транзакция
inbox-pages = Страницы списка
inbox-latest = Последние
inbox-earlier = Более ранние
inbox-reason-gone = Его блок выпал из цепочки, а с ним и деньги. Если перевод снова войдёт в блок, он вернётся сам.
inbox-reason-counted = Засчитан платежу.
inbox-reason-late = Пришёл, когда время на оплату уже вышло.
inbox-reason-wrong-asset = Это не та монета, которой нужно было платить.
inbox-reason-second = Платёж уже был оплачен: это повторная оплата или излишек.
inbox-reason-after-end = Когда он пришёл, платёж уже завершился.
inbox-reason-unmatched = На этом адресе не ждал денег ни один платёж.
inbox-handled-attached = Засчитан { $time }
inbox-handled-dismissed = Закрыт { $time }
inbox-letter-title = Перевод
inbox-attach-title = Засчитать платежу
inbox-attach-hint = Деньги будут засчитаны платежу, как будто пришли вовремя, и ваш магазин получит сообщение.
inbox-proposals = Возможно, это для
inbox-no-proposal = Ни один открытый платёж не ждёт этой монеты на этом адресе.
inbox-lacks = не хватает { $amount }
inbox-other = Другой платёж
inbox-other-label = Номер платежа или заказа
inbox-why-label = Причина (попадёт в журнал действий)
inbox-attach = Засчитать
inbox-attached = Перевод засчитан платежу. Платёж завершится, как только наберутся подтверждения.
inbox-dismiss-title = Закрыть
inbox-dismiss-hint = Здесь с ним ничего делать не нужно: вы вернули деньги или знаете, что это.
inbox-dismiss = Закрыть
inbox-dismissed = Перевод убран из входящих. Он остался в разделе «Все».
inbox-mistake-reason = Укажите причину, не больше 500 символов.
inbox-mistake-no-payment = В этом магазине нет платежа ни с таким номером, ни с таким заказом.
inbox-mistake-counts = Этот перевод уже засчитан платежу { $number }.
inbox-mistake-gone = Его блок выпал из цепочки, а с ним и деньги.
inbox-mistake-network = Деньги пришли в сети { $found }, а { $number } нужно оплатить в сети { $wanted }. Создайте для заказа платёж в сети { $found } и засчитайте перевод ему либо верните деньги и закройте перевод здесь.
inbox-mistake-currency = Пришли { $found }, а { $number } нужно оплатить в { $wanted }. Создайте для заказа платёж в { $found } и засчитайте перевод ему либо верните деньги и закройте перевод здесь.
inbox-mistake-takes-none = { $number } не принимает денег ({ $status }). Создайте для заказа новый платёж и засчитайте перевод ему либо верните деньги.
inbox-mistake-place = На адресе платежа { $number } ждёт денег другой платёж. Засчитайте перевод, когда подтверждений будет { $count }.

## Dashboard: balances

balances-about = Сколько получено по вашим платежам за всё время. payd не хранит деньги: они в ваших кошельках, и что вы с тех пор потратили, здесь неизвестно.
balances-about-test = Сколько получено по тестовым платежам. Реальных денег здесь нет.
balances-none = Пока ничего не получено.
balances-csv = Скачать CSV
balances-worth-title = Получено, по сегодняшним курсам
balances-short = Без монет, для которых сейчас нет курса.
balances-asset-label = Монета
balances-settled-label = Получено
balances-pending-label = В пути
balances-held-label = На ваших адресах
balances-held-hint = «На ваших адресах» — сколько на них было, когда payd в последний раз сверялся с блокчейном.
balances-no-rate = Нет курса
