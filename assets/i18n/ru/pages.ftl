### Русский. Обращение на «вы».

language-name = Русский

## Numbers and dates

digit-group = { "\u00A0" }
decimal-mark = ,
price-usd = { $amount } $
price-eur = { $amount } €
price-rub = { $amount } ₽
price-cny = { $amount } CN¥
price-gbp = { $amount } £
price-jpy = { $amount } ¥
price-brl = { $amount } R$
moment = { $day } { $month ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[12] декабря
} { $year }, { $hour }:{ $minute } UTC
sentences = { $first } { $second }
announcement = { $title }. { $text }

## Head

order = Заказ № { $id }
price-label = Итого
test-banner = Тестовый платёж: без реальных денег

## Choosing the currency

select-title = Выберите валюту платежа
select-time-hint = на выбор
select-text = Суммы меняются вместе с курсом. Ваша зафиксируется в момент выбора.
select-no-rate = Пока нет курса
select-none = Сейчас нет доступных валют. Пожалуйста, свяжитесь с магазином { $shop }.
select-held = Сейчас слишком много платежей в { $symbol } (сеть { $network }). Выберите другую валюту или попробуйте ещё раз через несколько минут.
select-rate-missing = Сейчас нет курса для { $symbol } (сеть { $network }). Выберите другую валюту или попробуйте ещё раз через несколько минут.
select-not-offered = Сейчас этот платёж нельзя оплатить в { $symbol } (сеть { $network }). Пожалуйста, выберите другую валюту.
select-unknown = Эта валюта больше недоступна. Пожалуйста, выберите другую.
select-busy = Сейчас слишком много запросов. Пожалуйста, сделайте выбор ещё раз через несколько секунд.
select-expired-text = Время на выбор вышло, и платить было не нужно. Вернитесь в { $shop } и начните заново.

## Asking for the money

waiting-title = Ожидаем ваш платёж
part-paid-title = Получена часть суммы
send-more = Мы получили { $received }. Отправьте ещё { $remaining }.
time-left = Осталось времени
time-left-hint = на оплату
amount-label = Отправьте ровно
amount-label-more = Доплатите ровно
address-label = На этот адрес
network-label = Сеть
fee-hint = Комиссия кошелька — сверх этой суммы.
exact-warning = Отправьте ровно { $amount }, до последней цифры. Мы узнаём ваш платёж по этой сумме; любая другая сумма найдена не будет.
network-warning = Отправляйте только { $symbol } в сети { $network }. Любой другой перевод может быть потерян.
copy-amount = Скопировать сумму
copy-address = Скопировать адрес
copy-detail = Скопировать: { $detail }
copy = Скопировать
copied = Скопировано
open-wallet = Открыть в кошельке
qr-label = QR-код для вашего кошелька
received-so-far = Уже получено
connection-lost = Нет соединения. Когда оно восстановится, страница обновится сама.

## While it is confirmed

confirming-title = Платёж найден
confirming-text = Сеть подтверждает перевод. Больше ничего отправлять не нужно.
unmined-text = Перевод в пути и ждёт включения в блок. Больше ничего отправлять не нужно.
unmined-close = Страницу можно закрыть: мы продолжим следить за платежом.
confirmations = { $count } из { $required } { $required ->
    [one] подтверждения
    [few] подтверждений
   *[many] подтверждений
}
confirming-wait = { $minutes ->
    [0] Обычно это занимает не больше минуты.
    [1] Обычно это занимает не больше минуты.
    [one] Обычно это занимает не больше { $minutes } минуты.
    [few] Обычно это занимает не больше { $minutes } минут.
   *[many] Обычно это занимает не больше { $minutes } минут.
}
confirming-close = Страницу можно закрыть: ваш платёж не потеряется.

## How it ended

paid-title = Оплата прошла успешно
paid-text = Спасибо! Магазин { $shop } получил ваш платёж.
overpaid-remark = Вы отправили на { $excess } больше, чем требовалось. Чтобы вернуть излишек, свяжитесь с магазином { $shop }.
closing-title = Время вышло
closing-text = Пожалуйста, сейчас не платите. Если вы уже заплатили, мы ищем ваш платёж, и результат появится на этой странице.
underpaid-title = В срок поступила не вся сумма
underpaid-text = До истечения времени поступило { $received } из { $due }.
underpaid-remark = Пожалуйста, больше ничего сейчас не отправляйте. Свяжитесь с магазином { $shop }: там смогут завершить заказ или вернуть отправленное.
expired-title = Срок оплаты истёк
expired-text = Время на оплату вышло. Пожалуйста, больше ничего не отправляйте на этот адрес.
expired-remark = Если вы заплатили перед самым окончанием срока, платёж всё равно будет найден и эта страница обновится сама. Если вы заплатили позже, свяжитесь с магазином { $shop } и укажите вашу транзакцию.
cancelled-title = Платёж отменён
cancelled-text = Магазин { $shop } отменил этот платёж. Пожалуйста, ничего не отправляйте на этот адрес.
cancelled-unasked-text = Магазин { $shop } отменил этот платёж. Платить ничего не нужно.
cancelled-remark = Если вы уже отправили деньги, свяжитесь с магазином { $shop } и сообщите номер платежа, указанный ниже.
failed-title = Не удалось завершить платёж
failed-text = Пожалуйста, больше ничего не отправляйте. Свяжитесь с магазином { $shop } и сообщите номер платежа, указанный ниже.
preparing-title = Одну минуту
preparing-text = Готовим ваш платёж. Не закрывайте страницу: она обновится сама.
queued-title = Пожалуйста, подождите
queued-text = Сейчас платит много покупателей, поэтому пока ничего не отправляйте. Не закрывайте страницу: когда подойдёт ваша очередь, здесь появятся данные для оплаты.
never-asked-text = Ваша очередь не успела подойти, и платить было не нужно. Вернитесь в { $shop } и попробуйте ещё раз.
back-to-shop = Вернуться в { $shop }
leaving = Возвращаем вас на { $host }…
leaving-unless-paid = Если вы отправили деньги, останьтесь на этой странице. Если нет, мы вернём вас на { $host }.
stay = Остаться на этой странице
print = Распечатать квитанцию

## Details

details = Подробности
detail-number = Номер платежа
detail-network = Сеть
detail-due = К оплате
detail-received = Получено
detail-rate = Курс
rate = 1 { $symbol } = { $rate }
detail-email = Эл. почта
detail-created = Создан
detail-confirmed = Оплачен
detail-address = Адрес
detail-transaction = Транзакция
foot = Оплата напрямую на кошелёк магазина
help-link = Получить помощь
language-choice = Язык

## Test payments

simulate-title = Проверьте разные сценарии
simulate-text = Кнопки действуют на имитацию блокчейна. У настоящего платежа этой панели нет.
scenario-exact = Заплатить ровно
scenario-under = Заплатить половину
scenario-over = Заплатить больше
scenario-late = Заплатить с опозданием
scenario-twice = Заплатить дважды
scenario-wrong-token = Заплатить другой монетой
scenario-reorg = Отменить блок

## Problems

not-found-title = Платёж не найден
not-found-text = Проверьте, что ссылка открыта целиком, или вернитесь в магазин и начните заново.
not-understood-title = Не получилось
not-understood-text = Вернитесь к платежу и попробуйте ещё раз.
unavailable-title = Временно недоступно
unavailable-text = Попробуйте ещё раз через несколько секунд. Уже отправленный платёж не потеряется.
too-many-title = Чуть медленнее, пожалуйста
too-many-text = С вашего IP-адреса поступило слишком много запросов. Подождите немного и попробуйте ещё раз.
try-again = Попробовать ещё раз

## Donations

donate-amount = Выберите сумму
donate-own = Другая
donate-own-label = Ваша сумма
donate-pay-with = Валюта платежа
donate-name = Ваше имя
donate-message = Сообщение
donate-optional = необязательно
donate-button = Пожертвовать
donate-foot = Пожертвование поступает напрямую на кошелёк получателя
donate-given = Собрано { $given } из { $goal }
donate-goal = Цель: { $goal }
donate-count = { $count ->
    [one] Уже { $count } пожертвование
    [few] Уже { $count } пожертвования
   *[many] Уже { $count } пожертвований
}
donate-error-missing = Выберите сумму или укажите свою.
donate-error-amount = Укажите сумму в таком виде: { $example }.
donate-error-zero = Сумма должна быть больше нуля.
donate-error-large = Сумма слишком велика для одного пожертвования. Пожалуйста, укажите меньшую.
donate-error-currency = Выберите валюту платежа.
donate-error-name = { $count ->
    [one] Имя может содержать не больше { $count } символа.
    [few] Имя может содержать не больше { $count } символов.
   *[many] Имя может содержать не больше { $count } символов.
}
donate-error-message = { $count ->
    [one] Сообщение может содержать не больше { $count } символа.
    [few] Сообщение может содержать не больше { $count } символов.
   *[many] Сообщение может содержать не больше { $count } символов.
}
donate-error-unavailable = Сейчас так заплатить нельзя. Попробуйте ещё раз через минуту или выберите другую валюту.
donate-not-found-title = Страница не найдена
donate-not-found-text = Проверьте, что ссылка открыта целиком.
donate-closed-title = Пожертвования сейчас не принимаются
donate-closed-text = На этой странице пока нельзя сделать пожертвование. Спасибо, что хотели помочь.
donate-not-understood-text = Вернитесь на страницу и попробуйте ещё раз.
donate-unavailable-text = Попробуйте ещё раз через несколько секунд.

## The widgets: an overlay on the shop's page, and the frame in it before the payment

widget-pay-title = Оплата криптовалютой
widget-donate-title = Пожертвование криптовалютой
widget-close = Закрыть
widget-loading = Загрузка…
widget-unreachable = Не удалось загрузить. Закройте окно и попробуйте ещё раз чуть позже.
widget-starting = Готовим ваш платёж…
widget-continue = Перейти к оплате
widget-refused-title = Не удалось начать платёж
widget-refused-text = Деньги не списаны. Пожалуйста, сообщите об этом магазину.
widget-busy-text = Деньги не списаны. Пожалуйста, закройте окно и попробуйте ещё раз чуть позже.
widget-for-the-shop = Для магазина:
widget-donate = Пожертвовать
widget-donate-text = Поддержите нас криптовалютой
widget-dismiss = Скрыть эту панель
