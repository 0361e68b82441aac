### Español, de usted.

language-name = Español

## Numbers and dates

digit-group = .
decimal-mark = ,
price-usd = { $amount } US$
price-eur = { $amount } €
price-rub = { $amount } ₽
price-cny = { $amount } CN¥
price-gbp = { $amount } £
price-jpy = { $amount } ¥
price-brl = { $amount } R$
moment = { $day } de { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
} de { $year }, { $hour }:{ $minute } UTC
sentences = { $first } { $second }
announcement = { $title }. { $text }

## Head

order = Pedido { $id }
price-label = Total
test-banner = Pago de prueba: sin dinero real

## Choosing the currency

select-title = Elija con qué pagar
select-time-hint = para elegir
select-text = Los importes siguen el mercado. El suyo se fija al elegir.
select-no-rate = Sin cotización
select-none = En este momento no hay nada entre lo que elegir. Póngase en contacto con { $shop }.
select-held = Demasiados clientes están pagando ahora con { $symbol } por { $network }. Elija otra moneda o inténtelo de nuevo en unos minutos.
select-rate-missing = Ahora mismo no hay cotización de { $symbol } por { $network }. Elija otra moneda o inténtelo de nuevo en unos minutos.
select-not-offered = Ahora mismo este pago no se puede hacer con { $symbol } por { $network }. Elija otra moneda.
select-unknown = Esta moneda ya no está disponible. Elija otra.
select-busy = Ahora mismo hay demasiada actividad. Elija de nuevo en unos segundos.
select-expired-text = El tiempo para elegir ha terminado y no había nada que pagar. Vuelva a { $shop } y empiece de nuevo.

## Asking for the money

waiting-title = Esperamos su pago
part-paid-title = Hemos recibido una parte
send-more = Hemos recibido { $received }. Envíe { $remaining } más.
time-left = Tiempo restante
time-left-hint = para pagar
amount-label = Envíe exactamente
amount-label-more = Envíe el resto exacto
address-label = A esta dirección
network-label = Red
fee-hint = Las comisiones de la billetera van aparte.
exact-warning = Envíe exactamente { $amount }, hasta la última cifra. Reconocemos su pago por este importe; con cualquier otro no se encontrará.
network-warning = Envíe solo { $symbol } por { $network }. Cualquier otro envío puede perderse.
copy-amount = Copiar importe
copy-address = Copiar dirección
copy-detail = Copiar: { $detail }
copy = Copiar
copied = Copiado
open-wallet = Abrir en la billetera
qr-label = Código QR para su billetera
received-so-far = Recibido hasta ahora
connection-lost = Sin conexión. Esta página se actualizará sola cuando vuelva.

## While it is confirmed

confirming-title = Pago detectado
confirming-text = La red lo está confirmando. No tiene que enviar nada más.
unmined-text = Está en camino y espera su primer bloque. No tiene que enviar nada más.
unmined-close = Puede cerrar esta página; seguiremos pendientes de su pago.
confirmations = { $count } de { $required } { $required ->
    [one] confirmación
   *[other] confirmaciones
}
confirming-wait = { $minutes ->
    [0] Suele tardar menos de un minuto.
    [one] Suele tardar menos de un minuto.
   *[other] Suele tardar menos de { $minutes } minutos.
}
confirming-close = Puede cerrar esta página; su pago está a salvo.

## How it ended

paid-title = Pago completado
paid-text = Gracias. { $shop } ha recibido su pago.
overpaid-remark = Ha enviado { $excess } de más. Póngase en contacto con { $shop } para que se lo devuelvan.
closing-title = El tiempo ha terminado
closing-text = Por favor, no pague ahora. Si ya ha pagado, estamos buscando su pago y esta página se lo indicará.
underpaid-title = El importe no llegó completo a tiempo
underpaid-text = Llegaron { $received } de { $due } antes de que terminara el tiempo.
underpaid-remark = Por favor, no envíe nada más por ahora. Póngase en contacto con { $shop }: podrán completar su pedido o devolverle lo que envió.
expired-title = Este pago ha caducado
expired-text = El tiempo para pagar ha terminado. Por favor, no envíe nada más a esta dirección.
expired-remark = Si pagó justo antes de que terminara el tiempo, su pago se encontrará igualmente y esta página se actualizará sola. Si pagó más tarde, póngase en contacto con { $shop } e indique su transacción.
cancelled-title = Este pago se ha cancelado
cancelled-text = { $shop } ha cancelado este pago. Por favor, no envíe nada a esta dirección.
cancelled-unasked-text = { $shop } ha cancelado este pago. No hay nada que pagar.
cancelled-remark = Si ya ha enviado dinero, póngase en contacto con { $shop } e indique el número de pago que aparece abajo.
failed-title = No se ha podido completar este pago
failed-text = Por favor, no envíe nada más. Póngase en contacto con { $shop } e indique el número de pago que aparece abajo.
preparing-title = Un momento
preparing-text = Estamos preparando su pago. Mantenga abierta esta página: se actualizará sola.
queued-title = Un momento, por favor
queued-text = Muchos clientes están pagando en este momento; por favor, no envíe nada todavía. Mantenga abierta esta página: le mostrará qué pagar en cuanto llegue su turno.
never-asked-text = Su turno no llegó a tiempo y no había nada que pagar. Vuelva a { $shop } e inténtelo de nuevo.
back-to-shop = Volver a { $shop }
leaving = Volviendo a { $host }…
leaving-unless-paid = Si ha enviado dinero, quédese en esta página. De lo contrario, volverá a { $host }.
stay = Quedarse en esta página
print = Imprimir recibo

## Details

details = Detalles
detail-number = Número de pago
detail-network = Red
detail-due = A pagar
detail-received = Recibido
detail-rate = Tipo de cambio
rate = 1 { $symbol } = { $rate }
detail-email = Correo electrónico
detail-created = Creado
detail-confirmed = Pagado
detail-address = Dirección
detail-transaction = Transacción
foot = Pago directo a la billetera de la tienda
help-link = Obtener ayuda
language-choice = Idioma

## Test payments

simulate-title = Pruebe lo que puede pasar
simulate-text = Estos botones actúan sobre una cadena de bloques simulada. Un pago real no tiene este panel.
scenario-exact = Pagar lo exacto
scenario-under = Pagar la mitad
scenario-over = Pagar de más
scenario-late = Pagar tarde
scenario-twice = Pagar dos veces
scenario-wrong-token = Pagar con otra moneda
scenario-reorg = Deshacer el bloque

## Problems

not-found-title = Pago no encontrado
not-found-text = Compruebe que ha abierto el enlace completo o vuelva a la tienda y empiece de nuevo.
not-understood-title = No ha funcionado
not-understood-text = Vuelva al pago e inténtelo de nuevo.
unavailable-title = No disponible en este momento
unavailable-text = Inténtelo de nuevo en unos segundos. Un pago ya enviado no se pierde.
too-many-title = Un poco más despacio
too-many-text = Hemos recibido demasiadas solicitudes desde su conexión. Espere un poco e inténtelo de nuevo.
try-again = Intentar de nuevo

## Donations

donate-amount = Elija un importe
donate-own = Otro
donate-own-label = Su importe
donate-pay-with = Pagar con
donate-name = Su nombre
donate-message = Mensaje
donate-optional = opcional
donate-button = Donar
donate-foot = Donación directa a la billetera de quien la recibe
donate-given = { $given } de { $goal }
donate-goal = Meta: { $goal }
donate-count = { $count ->
    [one] 1 donación hasta ahora
   *[other] { $count } donaciones hasta ahora
}
donate-error-missing = Elija un importe o escriba el suyo.
donate-error-amount = Escriba el importe así: { $example }.
donate-error-zero = El importe debe ser mayor que cero.
donate-error-large = Es más de lo que se puede donar de una vez. Elija un importe menor.
donate-error-currency = Elija con qué pagar.
donate-error-name = Su nombre puede tener { $count } caracteres como máximo.
donate-error-message = Su mensaje puede tener { $count } caracteres como máximo.
donate-error-unavailable = Ahora no se puede pagar así. Inténtelo de nuevo en un minuto o pague con otra moneda.
donate-not-found-title = Página no encontrada
donate-not-found-text = Compruebe que ha abierto el enlace completo.
donate-closed-title = Por ahora no se aceptan donaciones
donate-closed-text = Esta página no recibe donaciones en este momento. Gracias por pensar en ello.
donate-not-understood-text = Vuelva a la página e inténtelo de nuevo.
donate-unavailable-text = Inténtelo de nuevo en unos segundos.

## The widgets: an overlay on the shop's page, and the frame in it before the payment

widget-pay-title = Pagar con criptomonedas
widget-donate-title = Donar con criptomonedas
widget-close = Cerrar
widget-loading = Cargando…
widget-unreachable = No se ha podido cargar. Cierre esta ventana e inténtelo de nuevo en un momento.
widget-starting = Preparando su pago…
widget-continue = Continuar al pago
widget-refused-title = No se puede iniciar este pago
widget-refused-text = No se ha cobrado nada. Por favor, avise a la tienda.
widget-busy-text = No se ha cobrado nada. Por favor, cierre esta ventana e inténtelo de nuevo en un momento.
widget-for-the-shop = Para la tienda:
widget-donate = Donar
widget-donate-text = Apóyenos con una donación en criptomonedas
widget-dismiss = Ocultar esta barra
