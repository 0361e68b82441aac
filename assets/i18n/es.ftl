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
failed-title = No se ha podido completar este pago
failed-text = Por favor, no envíe nada más. Póngase en contacto con { $shop } e indique el número de pago que aparece abajo.
preparing-title = Un momento
preparing-text = Estamos preparando su pago. Mantenga abierta esta página: se actualizará sola.
queued-title = Un momento, por favor
queued-text = Muchos clientes están pagando en este momento; por favor, no envíe nada todavía. Mantenga abierta esta página: le mostrará qué pagar en cuanto llegue su turno.
never-asked-text = Su turno no llegó a tiempo y no había nada que pagar. Vuelva a { $shop } e inténtelo de nuevo.
back-to-shop = Volver a { $shop }
leaving = Volviendo a { $host }…
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
try-again = Intentar de nuevo
