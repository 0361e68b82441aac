### La documentación de las API. Lo que está en las propias descripciones es inglés en todas partes.

## The documentation

docs-heading = Documentación de las API
docs-title = API { $api } · payd
docs-overview = Resumen
docs-apis = Las API
docs-contents = En esta página
docs-skip = Ir al contenido
docs-back = Volver al panel
docs-own = Rellenado con la clave de prueba de { $store }.

docs-lead-text = payd habla cinco API a la vez, en una sola dirección. Cada una es la API de una pasarela alojada: si su tienda ya usa una de ellas, cambie el nombre del servidor y las claves, y nada más. El dinero va directamente de la billetera del cliente a la suya.
docs-pick-title = Qué API elegir
docs-pick-text = ¿No conoce ninguna? Elija PayHook para precios en dólares, o soko para precios en otras monedas o si los clientes eligen la moneda. Toda clave puede llamar a todas las API; la API propia de una tienda decide cómo son sus webhooks.
docs-payhook-text = Una clave en una cabecera, precios en centavos de dólar, la red y la moneda que usted indique. Con una Idempotency-Key se puede reintentar sin riesgo.
docs-soko-text = Llamadas firmadas, precios en una criptomoneda o en unas cuarenta monedas corrientes, y una página en la que los clientes eligen con qué pagar. También cotizaciones, saldos, donaciones y un widget.
docs-crypto-pay-text = USDT en TRON con una llamada firmada y un webhook. Cada proyecto pertenece a un sitio web; los nuevos empiezan en modo de prueba.
docs-usdt-payments-text = USDT en TRON con una llamada firmada y un webhook, sin reglas sobre sitios web.
docs-cryptopayment-text = Facturas en dólares estadounidenses, cada una con su propia dirección: Bitcoin, Litecoin, Ether y USDT. Clave y secreto en una misma cabecera.
docs-price = Precio
docs-test-title = Modo de prueba
docs-test-text = Una clave de prueba nunca toca una cadena real: sus pagos viven en una simulada dentro de payd y pasan por el mismo código que el dinero real. Cree una clave de prueba, cree un pago y haga que se pague en su página de pago o con un comando:
docs-simulate-text = De menos, de más, dos veces, tarde o revertido por la cadena: el panel de la página de un pago de prueba simula todo eso.
docs-webhooks-title = Webhooks
docs-webhooks-text = Cuando cambia un pago, payd envía un mensaje firmado a su servidor. Cada destino tiene un formato, que decide el cuerpo, la firma y los reintentos:
docs-webhook-verify = Compruebe la firma sobre el cuerpo sin modificar, antes que nada.
docs-webhook-answer = Responda 2xx en cuanto el mensaje esté guardado; procéselo después.
docs-webhook-twice = El mismo mensaje puede llegar dos veces. Actúe una sola vez por pago.
docs-webhook-mode = Mire si es una prueba: no entregue nunca mercancía por un pago de prueba.
docs-standard-text = Hay un sexto formato, standard: la visión que payd tiene de un pago, con las cabeceras de Standard Webhooks, para las que hay verificadores en muchos lenguajes.

docs-quick-title = Inicio rápido
docs-key-text = Cree una clave de prueba. La clave y el secreto se muestran una vez; póngalos en los programas de abajo.
docs-site-text = Indique a payd el sitio del proyecto. Las direcciones de success_url y fail_url tienen que estar en su dominio.
docs-endpoint-text = Indique a payd dónde recibe webhooks su servidor. La respuesta contiene el secreto con el que se firman.
docs-endpoint-own-text = Indique a payd dónde recibe webhooks su servidor. Se firman con el secreto de API de la clave que creó el pago.
docs-endpoint-key-text = Indique a payd dónde recibe webhooks su servidor; cada clave puede tener su propio lugar. La respuesta contiene la APP_KEY con la que se firman.
docs-languages = Lenguaje de programación
docs-create-title = Crear un pago y leer su estado
docs-create-text = El programa muestra adónde enviar a su cliente y, después, cómo va el pago.
docs-verify-title = Recibir webhooks
docs-verify-text = Un servidor completo: escucha en el puerto 8000, rechaza lo que no está firmado y muestra cada pedido pagado.
docs-verify-shell-text = Para probar: comprueba un webhook guardado en archivos. Para un servidor, use uno de los otros lenguajes.

docs-authentication-title = Autenticación
docs-public = público
docs-parameters = Parámetros
docs-body = Cuerpo
docs-reply = Respuesta
docs-same-fields = Los campos son los de
docs-errors = Errores
docs-required = obligatorio
docs-example = Ejemplo:
docs-events = Eventos
docs-headers = Cabeceras
docs-signature = Firma
docs-acknowledged = Confirmación y reintentos
