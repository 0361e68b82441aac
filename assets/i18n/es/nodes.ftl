## Dashboard: networks and their nodes

nodes-intro = payd lee cada red a través de nodos de otros o del suyo propio. Si uno falla, payd pregunta al siguiente.
nodes-refresh = Actualizar
nodes-none = Aún no hay ninguna red activada, así que solo funcionan los pagos de prueba. Active las redes en las que pagan sus clientes.
nodes-as-of = A fecha de
nodes-failure = El último cambio de redes no está en vigor:
nodes-error = En este momento no se puede leer la red. payd lo vuelve a intentar solo; nada de lo pagado se pierde y ningún pago caduca antes de que se haya leído la red.
nodes-alarm = Esto lo debería revisar una persona:
nodes-state-well = Al día
nodes-state-behind = Poniéndose al día
nodes-state-failing = Sin conexión
nodes-state-starting = Iniciando
nodes-theirs = Definida en el archivo de configuración
nodes-off-theirs = Desactivada en el archivo de configuración
nodes-change = Cambiar
nodes-switch-on = Activar
nodes-switch-off = Desactivar
nodes-back = Volver
nodes-tip = Bloque más reciente
nodes-cursor = Leída hasta
nodes-behind = Retraso
nodes-behind-none = ningún bloque
nodes-behind-some =
    { $blocks ->
        [one] { $blocks } bloque, aprox. { $span }
       *[other] { $blocks } bloques, aprox. { $span }
    }
nodes-read = Última lectura
nodes-open = Pagos abiertos
nodes-off = Sin activar
nodes-providers-of = Nodos de { $network }
nodes-provider = Nodo
nodes-provider-state = Estado
nodes-provider-well = Responde
nodes-provider-throttled = Consultado en exceso
nodes-provider-resting = En pausa
nodes-provider-unasked = Aún sin consultar
nodes-latency = Responde en
nodes-lag-label = Retraso
nodes-lag =
    { $blocks ->
        [one] { $blocks } bloque
       *[other] { $blocks } bloques
    }
nodes-errors = Fallos
nodes-calls = Consultas hoy
nodes-budget = Cupo restante
nodes-last-error = Último error
nodes-rests = Se consulta de nuevo en { $span }: { $reason }
nodes-percent = { $percent } %
nodes-milliseconds = { $ms } ms
nodes-span-seconds = { $count } s
nodes-span-minutes = { $count } min
nodes-span-hours = { $count } h
nodes-span-days =
    { $count ->
        [one] { $count } día
       *[other] { $count } días
    }

## Dashboard: switching networks on and off

nodes-on-title = Activar { $network }
nodes-change-title = Cambiar { $network }
nodes-choose = Nodos que se consultan
nodes-choose-hint = Elija dos o más de operadores distintos: un pago cuenta cuando dos de ellos coinciden. Los nodos públicos van y vienen.
nodes-own = Nodos propios
nodes-own-hint = Su propio nodo o uno para el que tiene una clave. Las claves incluidas en las direcciones se guardan en esta máquina y no se vuelven a mostrar.
nodes-url-label = Dirección { $number }
nodes-kind-label = Tipo { $number }
nodes-kind-by-url = Según la dirección
nodes-header-label = Cabecera con clave { $number } (si su proveedor la pide)
nodes-header-example = tron-pro-api-key: …
nodes-tokens = Tokens
nodes-tokens-hint = El dinero en un token sin marcar no se ve.
nodes-confirmations = Confirmaciones
nodes-confirmations-hint = Bloques antes de que un pago cuente: un número de 1 a { $limit }, o tramos según el valor del pago en dólares, como 0=1,100=2,1000=3. Más es más lento y más seguro.
nodes-confirmations-wrong = Escriba un número de 1 a { $limit }, o tramos como 0=1,100=2,1000=3 que empiecen en 0 y aumenten.
nodes-anyway = Usar estos nodos aunque no todos hayan respondido bien
nodes-save-hint = Para hacerlo, payd se reinicia, lo que tarda unos segundos. Los pagos continúan.
nodes-save = Guardar
nodes-test = Probar los nodos
nodes-no-providers = Marque un nodo o escriba la dirección de uno propio.
nodes-not-good = No se pueden usar todos estos nodos: vea el resultado. No se ha cambiado nada.
nodes-refused = Esto no se acepta: { $reason }
nodes-probe-good = Funciona: respondió en { $ms } ms y está en el bloque { $height }.
nodes-probe-fault = No se puede usar: { $reason }
nodes-probe-other = Este nodo es de { $served }, no de { $network }. Use la dirección de un nodo de { $network }.
nodes-off-title = ¿Desactivar { $network }?
nodes-off-text = payd deja de leer { $network }: en ella no se pueden crear pagos nuevos, y el dinero que llegue ahí no se ve hasta que se active de nuevo. Lo ya pagado queda registrado.
nodes-off-open =
    { $count ->
        [one] { $count } pago en ella aún espera dinero o confirmaciones. Tendría que esperar hasta que la red se active de nuevo.
       *[other] { $count } pagos en ella aún esperan dinero o confirmaciones. Tendrían que esperar hasta que la red se active de nuevo.
    }
nodes-applying-title = Cambiando las redes
nodes-applying-text = payd se reinicia con las redes nuevas. Esta página continúa sola en unos segundos.
nodes-applying-look = Ver ahora
nodes-done-changed = Se han cambiado las redes.
nodes-done-refused = El cambio no pudo entrar en vigor; payd sigue como antes.
