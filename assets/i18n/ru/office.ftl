## Dashboard: what stands around every page

office-skip = Перейти к содержанию
office-store = Магазин
office-account = Ваша учётная запись:
office-sign-out = Выйти
office-navigation = Страницы
office-waiting = к разбору
office-to-start = На начальную страницу
office-not-found-title = Не найдено
office-not-found-text = Такой страницы нет, или она относится к магазину, которого вы не видите.
office-forbidden-title = Недоступно для вашей роли
office-forbidden-text = Для этого нужна роль «{ $role }». Попросите владельца сделать это или изменить вашу роль.
office-foreign-title = Отправлено не с этой страницы
office-foreign-text = Форма отправлена не со страницы этой панели, или страница была открыта дольше, чем длился ваш сеанс. Ничего не изменено: вернитесь, загрузите страницу заново и повторите.
office-signed-out-title = Вы вышли
office-signed-out-text = Вы не вошли, или ваш сеанс завершён. Ничего не изменено.
office-link-gone-title = Эта ссылка для настройки больше не действует
office-link-gone-text = Её уже использовали, или payd перезапустили и он вывел новую. Если payd уже настроен, войдите.
office-too-many-title = Слишком много попыток
office-unread-title = Не прочитано
office-unread-text = Отправленные данные слишком длинные или оборвались. Ничего не изменено.
office-failed-title = Не получилось
office-failed-text = payd не смог этого сделать из-за внутренней ошибки; подробности — в его журнале. Ничего не изменено.
office-docs-text = Как магазин говорит с payd: быстрый старт на шести языках и справочник.
office-docs-overview = Какой из них мой? Обзор
office-docs-key = Подставить тестовый ключ
office-docs-key-hint = Создаёт тестовый ключ этого магазина и вписывает его в программы — в этом браузере и на час. Он остаётся в списке ваших ключей API.
role-owner = Владелец
role-staff = Сотрудник
role-read-only = Только чтение

## Dashboard: navigation

nav-overview = Обзор
nav-payments = Платежи
nav-counter = Касса
nav-inbox = Входящие
nav-balances = Балансы
nav-donations = Пожертвования
nav-addresses = Адреса
nav-webhooks = Вебхуки
nav-keys = API-ключи
nav-widget = Виджет оплаты
nav-settings = Настройки магазина
nav-stores = Магазины
nav-nodes = Узлы
nav-notices = Уведомления
nav-users = Пользователи
nav-audit-log = Журнал действий
nav-backup = Резервная копия
nav-docs = Документация
nav-about = О payd

## Dashboard: signing in

entry-sign-in-title = Вход
entry-name-label = Имя пользователя
entry-password-label = Пароль
entry-sign-in = Войти
entry-wrong = Неверное имя или пароль.
entry-too-many = Слишком много неудачных попыток. Повторите через { $seconds } с.
