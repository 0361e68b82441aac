## Dashboard: one’s own account

account-title = Ваша учётная запись
account-password = Смена пароля
account-password-old = Текущий пароль
account-password-new = Новый пароль
account-password-again = Новый пароль ещё раз
account-password-hint = Не меньше десяти символов. Здесь вы останетесь в системе, а на всех остальных устройствах произойдёт выход.
account-password-go = Сменить пароль
account-password-done = Пароль изменён. На всех остальных устройствах выполнен выход.
account-language = Язык
account-language-browser = Как в браузере
account-language-done = Язык изменён.
account-sessions = Где вы вошли
account-sessions-end = Выйти на всех остальных устройствах
account-sessions-done = На всех остальных устройствах выполнен выход.
account-session-done = Сеанс завершён.
session-browser = Браузер
session-address = Откуда
session-since = Начат
session-seen = Последняя активность
session-this = Текущий
session-end = Завершить
people-save = Сохранить
people-cancel = Отмена
people-actions = Действия
people-back-account = К вашей учётной записи
own-password = Ваш собственный пароль
own-password-wrong = Это не ваш пароль.
password-too-short = { $length ->
    [one] В пароле должно быть не меньше { $length } символа.
    [few] В пароле должно быть не меньше { $length } символов.
   *[many] В пароле должно быть не меньше { $length } символов.
}
password-too-long = Этот пароль слишком длинный.
password-too-plain = Такие пароли угадывают первыми. Возьмите несколько слов или создайте пароль в менеджере паролей.
password-not-same = Пароли не совпадают.

## Dashboard: reached by a wrong name

entry-host-title = Неизвестное имя
entry-host-text = Панель управления не знает, что открывается под этим именем. Если имя ваше, задайте public_url в разделе [dashboard] конфигурации, указав введённый вами адрес, и перезапустите payd.

## Dashboard: the second factor

entry-second-title = Второй шаг
entry-second-label = Код из приложения или код восстановления
entry-second-hint = Приложение на телефоне показывает шесть цифр, новые дважды в минуту. Каждый код действует один раз.
entry-second-go = Продолжить
entry-second-other = Войти под другим именем
entry-second-wrong = Код неверный, устарел или уже использован.
second-factor-title = Второй шаг при входе
second-factor-is-on = Включён
second-factor-is-off = Выключен
second-factor-why = Со вторым шагом одного украденного пароля для входа мало: каждый раз нужен код из приложения на вашем телефоне.
second-factor-switch-on = Включить
second-factor-change = Коды восстановления, выключение
second-factor-step-scan = 1. Добавьте payd в приложение-аутентификатор
second-factor-qr = QR-код для приложения-аутентификатора
second-factor-type = Отсканируйте его приложением или введите в нём этот ключ:
second-factor-open = Открыть в приложении на этом устройстве
second-factor-step-code = 2. Убедитесь, что всё работает
second-factor-code = Шесть цифр из приложения
second-factor-wrong-on = Это не код для этого ключа. Сверьте часы телефона с часами сервера и введите самый новый код.
second-factor-off = Выключить второй шаг
second-factor-off-hint = После этого для входа достаточно пароля, а коды восстановления перестают действовать.
second-factor-off-go = Выключить
second-factor-off-done = Второй шаг выключен.
recovery-title = Коды восстановления
recovery-once = Эти коды показаны только сейчас. Каждый позволяет один раз войти без приложения: распечатайте их или храните в менеджере паролей, но не на телефоне с приложением.
recovery-print = Распечатать
recovery-done = Коды сохранены у меня
recovery-left = { $count ->
    [one] Остался { $count } код восстановления.
    [few] Осталось { $count } кода восстановления.
   *[many] Осталось { $count } кодов восстановления.
}
recovery-new = Новые коды восстановления
recovery-new-hint = Если их осталось мало или их мог кто-то увидеть. Старые коды перестанут действовать.
recovery-new-go = Создать новые коды

## Dashboard: users

user-add = Добавить пользователя
user-new-title = Новый пользователь
user-back = Все пользователи
user-role = Роль
role-may-owner = Может всё: куда идут деньги, ключи, пользователи.
role-may-staff = Повседневная работа: платежи, входящие, касса, повторная отправка вебхуков.
role-may-read-only = Может смотреть, но ничего не менять.
user-stores = Магазины
user-all-stores = Все магазины
user-some-stores = Только эти:
user-self = Вы
user-disabled = Отключён
user-since = Добавлен
user-rights = Роль и магазины
user-where = Адрес для входа
user-name-wrong = Имя: до 64 букв, цифр и знаков . - _ @; начинается с буквы или цифры.
user-name-taken = Пользователь с таким именем уже есть.
user-role-missing = Выберите роль.
user-store-missing = Выберите хотя бы один магазин или все.
user-last-owner = Это последний владелец, который может войти. Сначала назначьте владельцем кого-то ещё.
user-owner-sees-all = Владелец видит все магазины.
own-password-for-owner = Ваш собственный пароль, чтобы назначить владельца
user-add-done = Пользователь добавлен.
user-change-done = Роль и магазины изменены.
user-password-made = payd создаст пароль и покажет его один раз
user-password-typed = Задать самостоятельно:
user-password-once = Пароль показан только сейчас. Передайте его лично и попросите сменить.
user-password-kept = Пароль сохранён у меня
user-password-new = Новый пароль
user-password-hint = Для тех, кто забыл свой. На всех устройствах пользователя произойдёт выход.
user-password-go = Задать пароль
user-password-done = Пароль изменён. На всех устройствах пользователя выполнен выход.
user-second-factor-hint = Для тех, кто потерял телефон и коды восстановления. Убедитесь, что об этом просит сам пользователь.
user-second-factor-done = Второй шаг пользователя выключен.
user-disable = Отключить
user-disable-ask = Все сеансы сразу завершатся, и войти снова не получится, пока вы не включите пользователя.
user-disable-go = Отключить пользователя
user-disable-done = Пользователь отключён, его сеансы завершены.
user-enable = Включить
user-enable-done = Пользователь снова может входить.
user-own-account = Ваши пароль, второй шаг и сеансы — в вашей учётной записи.
user-sessions = Где вошёл пользователь
user-sign-out = Завершить все сеансы
user-sign-out-done = Все сеансы пользователя завершены.
user-no-sessions = Нигде.
people-copy = Скопировать

## Dashboard: the audit log

log-export = Скачать CSV
log-when = Когда
log-actor = Кто
log-action = Что
log-subject = С чем
log-detail = Подробности
log-everybody = Все
log-everything = Всё
log-filter = Показать
log-all = Показать всё
log-empty = Вручную пока ничего не делали.
log-pages = Более ранние и поздние записи
log-newest = Новейшие
log-older = Более старые

## Dashboard: backup

backup-what = Один файл со всем, что знает payd: база данных в её нынешнем виде и файл ключа.
backup-database = База данных
backup-key = Файл ключа
backup-secret = Вместе это всё: API-ключи, секреты вебхуков, данные для входа. База данных без файла ключа бесполезна. Храните копию там, где её никто другой не прочтёт, а лучше — то и другое по отдельности. Ключей от кошельков в ней нет: у payd их не бывает.
backup-go = Скачать резервную копию
backup-busy = Резервная копия уже создаётся или скачивается. Попробуйте, когда это закончится.
backup-restore = Восстановление
backup-restore-how = Остановите payd, распакуйте оба файла в каталог данных поверх имеющихся и запустите payd. Платежей, созданных после копии, в ней нет: до первого нового платежа сделайте так, чтобы адреса ключа аккаунта продолжались после всех уже выданных.
backup-cli = Для автоматических копий, например каждую ночь, есть команда:

## Dashboard: about payd

about-version = Версия
about-target = Собрано для
about-rust = Собрано с помощью
about-licence = Лицензия
about-started = Работает с
about-minutes = { $count ->
    [one] { $count } минута
    [few] { $count } минуты
   *[many] { $count } минут
}
about-hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[many] { $count } часов
}
about-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
}
about-database = База данных
about-schema = схема { $version }
about-place = Каталог данных
about-listens-customers = Адрес для покупателей и магазинов
about-listens-dashboard = Адрес панели управления
about-listens-metrics = Адрес метрик
about-licences = Чьи труды вошли в payd
about-licences-text = payd собран из этих свободных пакетов; они сгруппированы по лицензиям.
