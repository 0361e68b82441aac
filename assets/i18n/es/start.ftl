## Dashboard: the first run

start-step-owner = Usted
start-step-store = Tienda
start-step-coins = Monedas
start-step-addresses = Direcciones
start-step-webhook = Webhook
start-step-test = Prueba
start-steps = Pasos
start-title-owner = Configure payd
start-title-store = Su tienda
start-title-coins = ¿Con qué quiere que le paguen?
start-title-addresses = ¿Adónde va su dinero?
start-title-webhook = ¿A quién se avisa de los pagos?
start-title-test = Pruébelo
start-next = Continuar
start-skip = Ahora no

start-owner-text = Este payd pertenece a quien rellene esta página. Elija cómo iniciará sesión desde ahora.
start-owner-password-hint = Al menos diez caracteres. Unas pocas palabras que pueda recordar son mejores que una con símbolos.

user-name-mistake = Un nombre de usuario tiene de 1 a 64 letras, cifras y . - _ @, y empieza por una letra o cifra.
password-short = Una contraseña tiene al menos { $least } caracteres.
password-long = Esta contraseña es demasiado larga.
password-plain = Esta contraseña es de las primeras que se adivinan. Use varias palabras o deje que la cree un gestor de contraseñas.

start-store-name-label = Nombre de la tienda
start-store-name-hint = Los clientes lo ven en la página de pago.
start-store-name-mistake = Un nombre tiene de 1 a 64 caracteres, sin saltos de línea, y no empieza con un guion.
start-store-name-taken = Ya hay una tienda con este nombre.
start-fiat-label = Su moneda
start-api-label = ¿Con qué pasarela trabaja hoy su tienda?
start-api-payhook = PayHook, o ninguna todavía
start-api-soko = soko
start-api-crypto-pay = Crypto Pay (necesita el sitio web de abajo)
start-api-usdt-payments = USDT Payments
start-api-cryptopayment = CryptoPayment
start-website-label = Sitio web de la tienda (opcional)
start-website-mistake = Escríbalo así: https://shop.example. Crypto Pay no funciona sin él.
start-website-taken = Otra tienda ya tiene este sitio web.

start-coins-text = Elija las redes en las que pueden pagar sus clientes. payd las vigila a través de nodos públicos, sin que necesite cuenta en ningún sitio.
start-coins-fixed = definida en el archivo de configuración
start-coins-refused = No se ha podido activar: { $reason }
start-coins-remark = Más adelante podrá añadir nodos propios y más redes en «Nodos».

start-addresses-text = Pegue dónde quiere cobrar: una o más direcciones suyas, una por línea, o la clave pública de una cuenta (xpub, ypub, zpub), de la que payd obtiene una dirección nueva para cada pago.
start-addresses-warning = No pegue nunca una frase semilla ni una clave privada, ni aquí ni en ningún sitio. payd no las necesita ni las acepta.
start-addresses-none = No ha elegido ninguna red. Para una prueba está bien; puede añadir direcciones en cualquier momento.
start-addresses-file = O de un archivo:
start-address-good = Correcto: { $found }
start-addresses-good = { $count ->
    [one] { $count } línea correcta
   *[other] { $count } líneas correctas
}
start-account-good = una cuenta; su primera dirección es { $address }. Compárela con su billetera.
start-secret = ¡Con esto se puede gastar dinero! Quien lo haya visto puede llevarse lo que contiene. Pase ese dinero a una billetera nueva y no vuelva a pegar nunca esas palabras. No se ha guardado nada.
start-other-network = Esta es una dirección de { $found }. Aquí se necesita una de { $wanted }.
start-bad-address = No se puede cobrar con esto: { $reason }
start-no-address = Esto no es una dirección de { $wanted } ni la clave pública de una cuenta.

start-webhook-text = payd avisa al sistema de su tienda de cada pago con un envío firmado a esta URL. Se prueba al instante.
start-webhook-label = URL (opcional)
start-webhook-hint = También valen esta máquina y su red local.
start-webhook-try = Continuar y probarla
start-webhook-refused = Esta URL no se puede usar: { $reason }
start-webhook-secret = Secreto de webhook
start-webhook-arrived = La prueba ha llegado.
start-webhook-not-arrived = La prueba no ha llegado; con los webhooks reales, payd lo intentará una y otra vez.
start-webhook-replied = La respuesta fue HTTP { $status }.
start-webhook-slow = No hubo respuesta a tiempo.
start-keys-text = Estas son las claves de su tienda. Cópielas ahora en los ajustes de su tienda: solo se muestran esta vez.
start-base-url = Dirección de la API de payd
start-key-test = Clave de prueba
start-secret-test = Secreto de prueba
start-key-live = Clave real
start-secret-live = Secreto real
start-copy = Copiar

start-test-text = Haga un pago de prueba. Vive en una cadena simulada dentro de payd: no se mueve dinero.
start-test-order = Pedido de prueba
start-test-make = Hacer el pago de prueba
start-test-look = Verlo como su cliente
start-test-pay = Pagarlo con dinero simulado
start-test-seen = Detectado. Esperando confirmaciones…
start-test-paid = Pagado
start-done-text = Eso es todo. Los pagos que su tienda cree desde ahora aparecen en el resumen.
start-done = Ir al resumen
