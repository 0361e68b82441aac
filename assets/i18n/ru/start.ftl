## Dashboard: the first run

start-step-owner = Вы
start-step-store = Магазин
start-step-coins = Монеты
start-step-addresses = Адреса
start-step-webhook = Вебхук
start-step-test = Тест
start-steps = Шаги
start-title-owner = Настройка payd
start-title-store = Ваш магазин
start-title-coins = Чем вам будут платить?
start-title-addresses = Куда поступят ваши деньги?
start-title-webhook = Кому сообщать о платежах?
start-title-test = Попробуйте
start-next = Продолжить
start-skip = Не сейчас

start-owner-text = Этот payd принадлежит тому, кто заполнит эту страницу. Выберите, как вы будете входить.
start-owner-password-hint = Не меньше десяти символов. Несколько слов, которые вы запомните, лучше одного со знаками.

user-name-mistake = Имя пользователя: от 1 до 64 букв, цифр и знаков . - _ @; начинается с буквы или цифры.
password-short = { $least ->
    [one] В пароле должно быть не меньше { $least } символа.
    [few] В пароле должно быть не меньше { $least } символов.
   *[many] В пароле должно быть не меньше { $least } символов.
}
password-long = Этот пароль слишком длинный.
password-plain = Такие пароли угадывают первыми. Возьмите несколько слов или создайте пароль в менеджере паролей.

start-store-name-label = Название магазина
start-store-name-hint = Покупатели видят его на странице оплаты.
start-store-name-mistake = Название: от 1 до 64 символов, без переносов строк; не может начинаться с дефиса.
start-store-name-taken = Магазин с таким названием уже есть.
start-fiat-label = Ваша валюта
start-api-label = С каким шлюзом ваш магазин работает сегодня?
start-api-payhook = PayHook или пока ни с каким
start-api-soko = soko
start-api-crypto-pay = Crypto Pay (нужен сайт, указанный ниже)
start-api-usdt-payments = USDT Payments
start-api-cryptopayment = CryptoPayment
start-website-label = Сайт магазина (необязательно)
start-website-mistake = Укажите в таком виде: https://shop.example. Для Crypto Pay сайт обязателен.
start-website-taken = Этот сайт уже указан у другого магазина.

start-coins-text = Выберите сети, в которых могут платить покупатели. payd следит за ними через общедоступные узлы, нигде не заводя учётных записей.
start-coins-fixed = задано в файле конфигурации
start-coins-refused = Включить не удалось: { $reason }
start-coins-remark = Свои узлы и другие сети можно добавить позже в разделе «Узлы».

start-addresses-text = Вставьте то, на что хотите получать деньги: один или несколько своих адресов, по одному в строке, или открытый ключ аккаунта (xpub, ypub, zpub), по которому payd создаёт новый адрес для каждого платежа.
start-addresses-warning = Никогда не вставляйте сид-фразу или закрытый ключ, ни сюда, ни куда-либо ещё. payd они не нужны, и он их не принимает.
start-addresses-none = Вы не выбрали ни одной сети. Для теста это нормально; адреса можно добавить в любой момент.
start-addresses-file = Или из файла:
start-address-good = Подходит: { $found }
start-addresses-good = { $count ->
    [one] { $count } подходящая строка
    [few] { $count } подходящие строки
   *[many] { $count } подходящих строк
}
start-account-good = аккаунт; его первый адрес — { $address }. Сверьте его со своим кошельком.
start-secret = Этим можно потратить деньги! Тот, кто это видел, может забрать всё, что там есть. Переведите деньги на новый кошелёк и больше никогда не вставляйте такие слова. Ничего не сохранено.
start-other-network = Это адрес сети { $found }. Здесь нужен адрес { $wanted }.
start-bad-address = На это нельзя принимать деньги: { $reason }
start-no-address = Это не адрес { $wanted } и не открытый ключ аккаунта.

start-webhook-text = О каждом платеже payd сообщает серверу вашего магазина подписанным сообщением на этот URL. Он сразу проверяется.
start-webhook-label = URL (необязательно)
start-webhook-hint = Подойдут и этот компьютер, и ваша локальная сеть.
start-webhook-try = Продолжить и проверить
start-webhook-refused = Этот URL использовать нельзя: { $reason }
start-webhook-secret = Секрет вебхука
start-webhook-arrived = Тест дошёл.
start-webhook-not-arrived = Тест не дошёл; настоящие сообщения payd будет отправлять снова и снова.
start-webhook-replied = Получен ответ HTTP { $status }.
start-webhook-slow = Ответ не пришёл вовремя.
start-keys-text = Это ключи вашего магазина. Скопируйте их в настройки магазина сейчас: они показаны только один раз.
start-base-url = Адрес API payd
start-key-test = Тестовый ключ
start-secret-test = Тестовый секрет
start-key-live = Рабочий ключ
start-secret-live = Рабочий секрет
start-copy = Скопировать

start-test-text = Создайте тестовый платёж. Он живёт в имитации блокчейна внутри payd: деньги никуда не идут.
start-test-order = Тестовый заказ
start-test-make = Создать тестовый платёж
start-test-look = Посмотреть глазами покупателя
start-test-pay = Оплатить имитацией денег
start-test-seen = Замечен. Ждём подтверждений…
start-test-paid = Оплачен
start-done-text = Вот и всё. Платежи, которые теперь создаст ваш магазин, появятся в обзоре.
start-done = К обзору
