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
failed-title = Не удалось завершить платёж
failed-text = Пожалуйста, больше ничего не отправляйте. Свяжитесь с магазином { $shop } и сообщите номер платежа, указанный ниже.
preparing-title = Одну минуту
preparing-text = Готовим ваш платёж. Не закрывайте страницу: она обновится сама.
queued-title = Пожалуйста, подождите
queued-text = Сейчас платит много покупателей, поэтому пока ничего не отправляйте. Не закрывайте страницу: когда подойдёт ваша очередь, здесь появятся данные для оплаты.
never-asked-text = Ваша очередь не успела подойти, и платить было не нужно. Вернитесь в { $shop } и попробуйте ещё раз.
back-to-shop = Вернуться в { $shop }
leaving = Возвращаем вас на { $host }…
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
try-again = Попробовать ещё раз
