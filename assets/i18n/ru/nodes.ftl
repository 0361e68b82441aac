## Dashboard: networks and their nodes

nodes-intro = payd читает каждую сеть через чужие узлы или ваши собственные. Если один не отвечает, payd обращается к следующему.
nodes-refresh = Обновить
nodes-none = Пока не включена ни одна сеть, поэтому работают только тестовые платежи. Включите сети, в которых платят ваши покупатели.
nodes-as-of = По состоянию на
nodes-failure = Последнее изменение сетей не вступило в силу:
nodes-error = Сейчас прочитать сеть не удаётся. payd сам повторяет попытки; ничего оплаченного не потеряется, и ни один платёж не истечёт, пока сеть не прочитана.
nodes-alarm = Это должен проверить человек:
nodes-state-well = Всё прочитано
nodes-state-behind = Догоняет
nodes-state-failing = Недоступна
nodes-state-starting = Запускается
nodes-theirs = Задано в файле конфигурации
nodes-off-theirs = Выключена в файле конфигурации
nodes-change = Изменить
nodes-switch-on = Включить
nodes-switch-off = Выключить
nodes-back = Назад
nodes-tip = Новейший блок
nodes-cursor = Прочитано до
nodes-behind = Отставание
nodes-behind-none = нет
nodes-behind-some =
    { $blocks ->
        [one] { $blocks } блок, около { $span }
        [few] { $blocks } блока, около { $span }
       *[many] { $blocks } блоков, около { $span }
    }
nodes-read = Последнее чтение
nodes-open = Открытые платежи
nodes-off = Не включены
nodes-providers-of = Узлы { $network }
nodes-provider = Узел
nodes-provider-state = Состояние
nodes-provider-well = Отвечает
nodes-provider-throttled = Слишком частые запросы
nodes-provider-resting = На паузе
nodes-provider-unasked = Ещё не опрошен
nodes-latency = Отвечает за
nodes-lag-label = Отставание
nodes-lag =
    { $blocks ->
        [one] { $blocks } блок
        [few] { $blocks } блока
       *[many] { $blocks } блоков
    }
nodes-errors = Ошибки
nodes-calls = Запросов сегодня
nodes-budget = Остаток лимита
nodes-last-error = Последняя ошибка
nodes-rests = Следующий запрос через { $span }: { $reason }
nodes-percent = { $percent } %
nodes-milliseconds = { $ms } мс
nodes-span-seconds = { $count } с
nodes-span-minutes = { $count } мин
nodes-span-hours = { $count } ч
nodes-span-days =
    { $count ->
        [one] { $count } день
        [few] { $count } дня
       *[many] { $count } дней
    }

## Dashboard: switching networks on and off

nodes-on-title = Включить { $network }
nodes-change-title = Изменить { $network }
nodes-choose = К каким узлам обращаться
nodes-choose-hint = Возьмите два или больше узлов разных владельцев: платёж засчитывается, когда два из них согласны. Общедоступные узлы появляются и исчезают.
nodes-own = Ваши собственные узлы
nodes-own-hint = Свой узел или узел, к которому у вас есть ключ. Ключи из адресов хранятся на этом компьютере и больше не показываются.
nodes-url-label = Адрес { $number }
nodes-kind-label = Тип { $number }
nodes-kind-by-url = Определить по адресу
nodes-header-label = Заголовок с ключом { $number } (если провайдер его требует)
nodes-header-example = например, tron-pro-api-key: …
nodes-tokens = Токены
nodes-tokens-hint = Деньги в неотмеченных токенах не видны.
nodes-confirmations = Подтверждения
nodes-confirmations-hint = Сколько блоков нужно, чтобы платёж засчитался: число от 1 до { $limit } или ступени по стоимости платежа в долларах, например 0=1,100=2,1000=3. Чем больше, тем медленнее и надёжнее.
nodes-confirmations-wrong = Укажите число от 1 до { $limit } или ступени, например 0=1,100=2,1000=3: они начинаются с 0 и возрастают.
nodes-anyway = Использовать эти узлы, хотя не все ответили хорошо
nodes-save-hint = Для этого payd перезапустится, это займёт несколько секунд. Платежи не прервутся.
nodes-save = Сохранить
nodes-test = Проверить узлы
nodes-no-providers = Отметьте узел или укажите адрес своего.
nodes-not-good = Не все эти узлы можно использовать: посмотрите результаты проверки. Ничего не изменено.
nodes-refused = Не принято: { $reason }
nodes-probe-good = Работает: ответил за { $ms } мс, находится на блоке { $height }.
nodes-probe-fault = Использовать нельзя: { $reason }
nodes-probe-other = Этот узел обслуживает { $served }, а не { $network }. Возьмите адрес узла { $network }.
nodes-off-title = Выключить { $network }?
nodes-off-text = payd перестанет читать { $network }: новые платежи в этой сети станут невозможны, а поступающие деньги не будут видны, пока её не включат снова. Всё оплаченное останется в учёте.
nodes-off-open =
    { $count ->
        [one] { $count } платёж в этой сети ещё ждёт денег или подтверждений. Он будет ждать, пока сеть не включат снова.
        [few] { $count } платежа в этой сети ещё ждут денег или подтверждений. Они будут ждать, пока сеть не включат снова.
       *[many] { $count } платежей в этой сети ещё ждут денег или подтверждений. Они будут ждать, пока сеть не включат снова.
    }
nodes-applying-title = Меняем сети
nodes-applying-text = payd перезапускается с новыми сетями. Через несколько секунд страница продолжит сама.
nodes-applying-look = Проверить сейчас
nodes-done-changed = Сети изменены.
nodes-done-refused = Изменение не вступило в силу; payd работает как раньше.
