## Dashboard: a store’s overview

overview-modes = Dinero real o pagos de prueba
overview-live = Real
overview-test = Prueba
overview-new = Pago nuevo
overview-test-shown = Está viendo pagos de prueba. En estas cifras no hay dinero real.
overview-figures = Ventas
overview-today = Hoy
overview-month = Últimos 30 días
overview-month-count = Pagados en 30 días
overview-paid-payments = { $count ->
    [one] { $shown } pago
   *[other] { $shown } pagos
}
overview-change-more = { $percent } % más que en los 30 días anteriores
overview-change-less = { $percent } % menos que en los 30 días anteriores
overview-change-none = Como en los 30 días anteriores
overview-no-change = Nada en los 30 días anteriores
overview-paid-percent = Se pagó el { $percent } % de los que terminaron
overview-utc = Los días empiezan a medianoche UTC
overview-days-title = Ventas por día
overview-days-desc = Una barra por cada uno de los últimos 30 días. En total { $sum }; el mejor día, { $top }. La tabla de abajo dice lo mismo.
overview-days-none = No hay ventas en los últimos 30 días.
overview-days-table = Mostrar como tabla
overview-day = { $day } { $month ->
    [1] ene
    [2] feb
    [3] mar
    [4] abr
    [5] may
    [6] jun
    [7] jul
    [8] ago
    [9] sept
    [10] oct
    [11] nov
   *[12] dic
}
overview-day-label = Día
overview-count-label = Pagos
overview-sum-label = Suma
overview-mixed = Los precios están en varias monedas: las sumas son en dólares estadounidenses, según lo que valían los pagos al crearse.
overview-unvalued = { $count ->
    [one] Un pago no está en ninguna suma, porque no se sabía cuánto valía.
   *[other] { $count } pagos no están en ninguna suma, porque no se sabía cuánto valían.
}
overview-assets-title = Por moneda
overview-assets-none = No se pagó nada en los últimos 30 días.
overview-asset-sold = { $count ->
    [one] { $sum } · { $shown } pago
   *[other] { $sum } · { $shown } pagos
}
overview-funnel-title = Qué fue de los pagos
overview-funnel-made = Creados
overview-funnel-seen = Con dinero detectado
overview-funnel-paid = Pagados
overview-funnel-underpaid = Pagados de menos
overview-funnel-expired = Caducados
overview-funnel-cancelled = Cancelados
overview-funnel-open = Aún abiertos
overview-latest-title = Últimos pagos
overview-latest-all = Todos los pagos
overview-latest-none = Aún no hay pagos.
overview-payment-label = Pago
overview-status-label = Estado
overview-asset-label = Pagado con
overview-made-label = Creado
overview-price-label = Precio

## Dashboard: what of a store needs attention

overview-attention-title = Requiere atención
overview-disabled = Esta tienda está desactivada: no acepta pagos nuevos.
overview-test-mode = Esta tienda está en modo de prueba: sus claves reales se rechazan.
overview-not-recording-full = No se puede registrar nada: el disco está lleno. Libere espacio; payd continúa por sí solo.
overview-not-recording-read-only = No se puede registrar nada: no se permite escribir en la base de datos. Revise los permisos; payd continúa por sí solo.
overview-not-recording-failing = No se puede registrar nada: el disco no acepta lo que se escribe. Compruebe si falla o está lleno; payd continúa por sí solo.
overview-not-recording-damaged = Ya no se registra nada: el archivo de la base de datos está dañado. Detenga payd y restaure la última copia de seguridad.
overview-no-network = payd no tiene ningún nodo con el que ver dinero real: solo funcionan los pagos de prueba.
overview-no-address = No hay ninguna dirección en la que cobrar dinero real.
overview-inbox = { $count ->
    [one] Una transferencia no contó para ningún pago.
   *[other] { $count } transferencias no contaron para ningún pago.
}
overview-inbox-many = { $count } transferencias o más no contaron para ningún pago.
overview-low-pool = { $free ->
    [0] No queda ninguna dirección libre en { $network }: ahí se rechazan los pagos nuevos.
    [one] Queda una dirección libre en { $network }.
   *[other] Quedan { $free } direcciones libres en { $network }.
}
overview-unread = No se puede leer { $network }: los pagos en esa red no se ven.
overview-unread-since = { $network } no se ha leído desde el { $time }: los pagos en esa red no se ven.
overview-alarm = Hay algo en { $network } que conviene revisar.
overview-webhook-failed = { $url } no recibe webhooks: se abandonó el envío de uno.
overview-webhook-waits = Hay webhooks para { $url } que llevan un rato esperando.
overview-no-second-factor = Entra solo con una contraseña. Añada un segundo factor.
overview-to-account = Su cuenta
overview-steps-title = Primeros pasos
overview-step-done = Hecho
overview-step-test = Cree un pago de prueba y vea cómo se paga
overview-step-address = Añada sus propias direcciones o una clave de cuenta
overview-step-webhook = Indique a payd dónde avisar a su tienda de los pagos
overview-step-key = Cree una clave de API real para su tienda
overview-step-backup = Guarde una copia de seguridad del archivo de claves y de la base de datos

## Dashboard: the inbox

inbox-about = Dinero que llegó a sus direcciones y no contó para ningún pago. Es suyo en todo caso: indique qué se hace con él.
inbox-which = Qué transferencias
inbox-open = Pendientes
inbox-all = Todas
inbox-none = No hay nada que revisar: todo el dinero que llegó cuenta para un pago.
inbox-amount-label = Importe
inbox-reason-label = Por qué está aquí
inbox-payment-label = Pago
inbox-when-label = Cuándo
inbox-worth-label = Valor actual
inbox-worth-unknown = Desconocido
inbox-network-label = Red
inbox-address-label = Llegó a
inbox-transaction-label = Transacción
inbox-pages = Páginas de la lista
inbox-latest = Más recientes
inbox-earlier = Anteriores
inbox-reason-gone = Su bloque salió de la cadena, y el dinero con él. Si se vuelve a minar, regresa solo.
inbox-reason-counted = Cuenta para un pago.
inbox-reason-late = Llegó cuando el tiempo del pago ya había terminado.
inbox-reason-wrong-asset = Es otra moneda que la que pedía el pago.
inbox-reason-second = El pago ya estaba hecho: esto es un segundo pago, o dinero de más.
inbox-reason-after-end = El pago ya había terminado cuando llegó.
inbox-reason-unmatched = Ningún pago esperaba en esta dirección.
inbox-handled-attached = Asignada el { $time }
inbox-handled-dismissed = Descartada el { $time }
inbox-letter-title = Transferencia
inbox-attach-title = Asignar a un pago
inbox-attach-hint = El dinero cuenta entonces para el pago como si hubiera llegado a tiempo, y se avisa a su tienda.
inbox-proposals = Podría ser para
inbox-no-proposal = Ningún pago abierto pedía esta moneda en esta dirección.
inbox-lacks = faltan { $amount }
inbox-other = Otro pago
inbox-other-label = Número de pago o pedido
inbox-why-label = Motivo (queda en el registro de auditoría)
inbox-attach = Asignar
inbox-attached = La transferencia ya cuenta para el pago. Se completa en cuanto tenga sus confirmaciones.
inbox-dismiss-title = Descartar
inbox-dismiss-hint = Aquí no se hace nada con ella: la ha devuelto o sabe qué es.
inbox-dismiss = Descartar
inbox-dismissed = La transferencia ya no está en la bandeja de entrada. La encuentra en «Todas».
inbox-mistake-reason = Indique el motivo, con 500 caracteres como máximo.
inbox-mistake-no-payment = Esta tienda no tiene ningún pago con ese número ni para ese pedido.
inbox-mistake-counts = Esta transferencia ya cuenta para { $number }.
inbox-mistake-gone = Su bloque salió de la cadena, y el dinero con él.
inbox-mistake-network = El dinero llegó por { $found }, y { $number } se tiene que pagar por { $wanted }. Cree un pago en { $found } para el pedido y asígnela a ese, o devuelva el dinero y descártela aquí.
inbox-mistake-currency = El dinero es { $found }, y { $number } se tiene que pagar en { $wanted }. Cree un pago en { $found } para el pedido y asígnela a ese, o devuelva el dinero y descártela aquí.
inbox-mistake-takes-none = { $number } no acepta dinero ({ $status }). Cree un pago nuevo para el pedido y asígnela a ese, o devuelva el dinero.
inbox-mistake-place = Otro pago espera dinero en la dirección de { $number }. Asigne la transferencia cuando tenga { $count } confirmaciones.

## Dashboard: balances

balances-about = Lo que han recibido sus pagos desde el principio. payd no guarda dinero: está en sus propias billeteras, y aquí no se sabe qué ha gastado desde entonces.
balances-about-test = Lo que han recibido los pagos de prueba. Nada de ello es real.
balances-none = Aún no se ha recibido nada.
balances-csv = Descargar CSV
balances-worth-title = Recibido, a los tipos de hoy
balances-short = Sin las monedas que ahora mismo no tienen cotización.
balances-asset-label = Moneda
balances-settled-label = Recibido
balances-pending-label = En camino
balances-held-label = En sus direcciones
balances-held-hint = «En sus direcciones» es lo que contenían cuando payd las comparó por última vez con la cadena.
balances-no-rate = Sin cotización
