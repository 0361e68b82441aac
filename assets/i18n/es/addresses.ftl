## Dashboard: the password once more

again-label = Su contraseña
again-hint = Se pide de nuevo porque esto decide adónde va el dinero.
again-missing = Escriba su contraseña: esto decide adónde va el dinero.
again-wrong = Esta no es su contraseña. No se ha cambiado nada.

## Dashboard: ways to receive

way-pool = Reserva de direcciones
way-xpub = Clave de cuenta
way-shared = Una sola dirección

## Dashboard: where a store receives

addresses-intro = El dinero va directamente de sus clientes a estas direcciones. payd nunca tiene sus claves.
addresses-card-empty = Aún no hay nada configurado: en esta red no se puede pagar.
addresses-held = ocupadas por pagos
addresses-resting = en reposo
addresses-free = libres
addresses-waiting = esperando turno
addresses-total = en total
addresses-amounts = importes para un mismo precio
addresses-retired-count = retiradas
addresses-per-hour = Capacidad para unos { $rate } pagos por hora, aunque nadie pague antes de que termine el tiempo.
addresses-low-pool = Quedan pocas direcciones libres. Añada más, acorte el plazo de pago o el reposo de las direcciones en los ajustes de la tienda, o use una clave de cuenta, que nunca se agota.
addresses-low-amounts = Quedan pocos importes libres, así que algunos pagos pueden tener que esperar. Permita más importes o use una clave de cuenta o una reserva.
addresses-next-index = El próximo pago recibe la dirección número { $index } de la cuenta.
addresses-no-limit = Cada pago recibe su propia dirección: siempre hay sitio.
addresses-unwatched = Nadie vigila aún esta red, así que en ella no se puede pagar. Añada un nodo para ella en la página «Nodos» o en la configuración.
addresses-wallet-altered = Este ajuste se cambió en la base de datos, y no lo hizo payd. A nadie se le indica que pague ahí. Averigüe quién pudo escribir en la base de datos y configúrelo de nuevo.
addresses-accepted-label = Se acepta
addresses-changed-label = Último cambio
addresses-see = Ver direcciones
addresses-add = Añadir direcciones
addresses-change-way = Cambiar la forma de cobro
addresses-others-title = Redes sin nodo
addresses-simulated-title = Redes simuladas
addresses-simulated-text = Los pagos de prueba se hacen en redes simuladas dentro de payd, que crean las direcciones que necesitan. No hay que configurar nada, y ahí no se puede enviar dinero real.
addresses-all-networks = Todas las redes
addresses-way-label = Forma de cobro
addresses-pool-text = Cada pago abierto tiene para sí una dirección de su lista. Después del pago, la dirección reposa y se vuelve a usar.
addresses-xpub-text = Cada pago recibe una dirección nueva de su billetera, generada a partir de la clave pública de la cuenta. payd puede ver lo que entra y no puede gastar nada.
addresses-shared-text = Todos los pagos van a una sola dirección. Importes que difieren en un céntimo o menos indican de quién es el dinero: para billeteras y plataformas de intercambio que solo le dan una dirección. Los clientes tienen que pagar el importe exacto.
addresses-unpaid = Las últimas { $count } no han recibido nada hasta ahora.
addresses-gap = Hasta { $gap } direcciones seguidas no han recibido nada, y las billeteras suelen dejar de buscar después de 20. Ajuste el límite de direcciones vacías (gap limit) de su billetera a { $limit } o más, o no mostrará todo su dinero (Electrum: wallet.change_gap_limit({ $limit }) en la consola; Sparrow: Settings, Advanced, Gap limit).
addresses-next-children = Las próximas direcciones
addresses-plan-label = ¿Cuántos pagos por hora espera como máximo?
addresses-plan-ask = ¿Hay sitio?
addresses-plan-enough = Hay sitio suficiente.
addresses-plan-missing = Para esa cantidad, añada { $count } o acorte el plazo de pago o el reposo de las direcciones.
addresses-plan-too-many = Para eso harían falta demasiadas direcciones. Use una clave de cuenta.
addresses-list-title = Direcciones
addresses-list-empty = Aún no hay direcciones.
addresses-export = Exportar CSV
addresses-address-label = Dirección
addresses-state-label = Estado
addresses-used-label = Último uso
addresses-received-label = Recibido
addresses-proof-label = Propiedad
addresses-never = Nunca
addresses-nothing-yet = Nada todavía
addresses-and-more = y más
addresses-proved-word = Demostrada
addresses-not-proved = Sin demostrar
addresses-pages = Páginas de la lista
addresses-latest = Más recientes
addresses-earlier = Anteriores

## Dashboard: what an address is doing

addresses-state-altered = Alterada: no se entrega nunca
addresses-state-held = Ocupada por un pago
addresses-state-retired-held = Se retira después de su pago
addresses-state-shared = Compartida por todos los pagos
addresses-state-was-shared = Fue compartida; se sigue vigilando
addresses-state-used = Usada una vez
addresses-state-retired = Retirada; se sigue vigilando
addresses-state-resting = En reposo hasta el { $until }
addresses-state-free = Libre

## Dashboard: adding addresses

addresses-add-title = Añadir direcciones: { $network }
addresses-list-label = Direcciones
addresses-list-hint = Direcciones de { $network } que son suyas, una por línea. Detrás, tras una coma, puede ir una firma que demuestre que lo es. No pegue nunca una clave privada ni una frase de recuperación.
addresses-file-label = O tómelas de un archivo
addresses-cancel = Cancelar
addresses-only-good = Añadir las { $count } correctas y omitir las demás
addresses-findings = { $good } se pueden añadir, { $bad } no.
addresses-findings-hidden = { $count } líneas más no se muestran.
addresses-none-given = Pegue al menos una dirección.
addresses-lines-wrong = No se ha añadido nada porque algunas líneas son incorrectas: vea abajo.
addresses-added = Se han añadido las direcciones. Los nuevos pagos pueden recibirlas desde ahora.
addresses-secret = Esto es una clave privada o una frase de recuperación. No la pegue nunca en ningún sitio, ni siquiera aquí: quien la tenga puede llevarse todo el dinero. payd no la ha guardado, pero quizá sí el portapapeles, el navegador o alguien a su espalda. Dela por perdida: pase el dinero a una billetera nueva.
addresses-is-account = Esto es una clave de cuenta, no una dirección. Para cobrar con ella, elija «Cambiar la forma de cobro».
addresses-is-address = Esto es una sola dirección, no una clave de cuenta. Añádala a la reserva o cobre en ella como dirección única, más abajo.
addresses-same = La misma dirección que en la línea { $line }.
addresses-of-store = La tienda «{ $store }» tiene esta dirección. Una dirección pertenece a una sola tienda.
addresses-of-another-way = Esta tienda ya cobra en ella de otra forma: { $way }.
addresses-known = Esta dirección ya está en la reserva.
addresses-altered-row = El registro de esta dirección se cambió en la base de datos, y no lo hizo payd. No se entrega nunca. No la use y averigüe quién pudo escribir en la base de datos.
addresses-wrong-network = Esta es una dirección de { $found }; usted está añadiendo a { $wanted }.
addresses-checksum = Contiene un error de escritura: la suma de verificación no coincide. Cópiela de nuevo.
addresses-null = El dinero que se envía a la dirección nula se pierde.
addresses-mweb = Las direcciones MWEB no se pueden vigilar. Use una que empiece por ltc1, L o M.
addresses-malformed = Esto no es una dirección. Se espera una dirección de { $wanted }.
addresses-signature-malformed = La firma no tiene la forma que escriben las billeteras de esta red. Cópiela entera.
addresses-signature-mismatch = La firma no se hizo con la clave de esta dirección sobre exactamente este texto. Copie el texto tal como se muestra y firme con la propia dirección.
addresses-signature-high = La segunda mitad de esta firma es demasiado alta; ninguna billetera escribe así. Firme de nuevo.
addresses-signature-old-tron = Se firmó al modo antiguo de TRON. Fírmelo con signMessageV2.
addresses-signature-unsupported = Para una dirección de este tipo, payd solo lee firmas BIP-322.

## Dashboard: the way to receive, set

addresses-way-title = Forma de cobro: { $network }
addresses-way-now = Ahora
addresses-way-keeps = Lo que la tienda usaba antes para cobrar se sigue vigilando, y sus pagos abiertos continúan.
addresses-way-before = Usada antes
addresses-way-missing = Elija una forma de cobro.
addresses-account-label = Clave de cuenta
addresses-account-hint = La clave pública de la cuenta (xpub, zpub, Ltub…) o su descriptor, tal como los muestra su billetera. Nunca una clave privada (xprv…) ni una frase de recuperación.
addresses-next-index-label = Continuar con la dirección número (opcional)
addresses-next-index-hint = Si la billetera ya ha entregado direcciones de la cuenta. Si se deja vacío, payd sigue después de la última que entregó.
addresses-look-account = Ver sus direcciones
addresses-look-shared = Revisarla
addresses-look-pool = Cobrar con la reserva
addresses-slots-label = Importes simultáneos (opcional)
addresses-slots-hint = Cuántos pagos de un mismo precio pueden estar abiertos a la vez. Normalmente 99.
addresses-digits-label = Diferencia entre importes de monedas estables
addresses-digits-usual = La habitual
addresses-not-a-number = Este número no es posible.
addresses-sure-title = Adónde irá el dinero: { $network }
addresses-sure-before = Antes
addresses-sure-after = Desde ahora
addresses-fingerprint-label = Huella
addresses-compare-title = Compare primero estas
addresses-compare-text = Estas son las primeras direcciones de cobro de la cuenta. Tienen que ser las mismas que en su billetera y en el mismo orden. Si no lo son, deténgase: el dinero iría a otro sitio.
addresses-sure-do = Cobrar aquí desde ahora
addresses-way-set = Guardado. Los nuevos pagos se cobran ahí desde ahora.
addresses-way-set-empty = Guardado, pero la reserva está vacía: añada direcciones o no se podrá pagar.
addresses-way-same = No se ha cambiado nada: la tienda ya cobra ahí.
addresses-account-of-store = La tienda «{ $store }» cobra con esta cuenta. Dé a cada tienda su propia cuenta.
addresses-given-out = Algunas de estas direcciones ya se han entregado. La próxima tiene que ser la número { $next } o superior.
addresses-shared-known = Esta tienda ya ha dado la dirección a pagos individuales, así que el dinero de estos no se podría distinguir. Use una dirección que payd aún no conozca.
addresses-slot-count = Puede haber de 1 a 9999 importes simultáneos.
addresses-slot-digits = { $symbol } tiene { $decimals } decimales, así que los importes no pueden diferir en menos.
addresses-account-checksum = La clave contiene un error de escritura: la suma de verificación no coincide. Cópiela de nuevo, entera.
addresses-account-wrong-network = Las claves { $key } son de { $found }; esta red es { $wanted }.
addresses-account-prefix = No se conoce el comienzo de esta clave. Se conocen xpub, ypub, zpub, tpub, upub, vpub, Ltub, Mtub y ttub.
addresses-account-multisig = Esta clave es una de las varias de una billetera. Indique el descriptor completo de la billetera: wsh(sortedmulti(…)).
addresses-account-depth = Esta clave está { $depth } niveles por debajo de su clave maestra, y eso no es una cuenta. Escriba detrás la ruta a sus direcciones, por ejemplo { $example }.
addresses-account-change = Esta es la clave de una cadena de cambio. Indique la clave de la cuenta.
addresses-account-hardened = La ruta tras la clave tiene pasos reforzados (hardened), que requieren la clave privada. Indique la clave pública por debajo de ellos.
addresses-account-wildcard = Esto representa una sola dirección. Una cadena de cobro termina en /0/*.
addresses-account-unpayable = Este descriptor no tiene ninguna dirección a la que se pueda pagar con seguridad.
addresses-account-nonsense = Esto no es una clave de cuenta. Se espera una clave pública extendida (xpub…, zpub…, Ltub…) o un descriptor de salida.
addresses-account-no-descriptors = Los descriptores son para Bitcoin y sus afines. Indique aquí la xpub de la cuenta.
addresses-account-index = La cuenta termina antes de este número.

## Dashboard: one address

addresses-one-title = Dirección
addresses-copy = Copiar
addresses-child = número { $index } de su cuenta
addresses-payment-label = Pago
addresses-created-label = Añadida
addresses-retired-label = Retirada
addresses-prove-title = Demuestre que es suya
addresses-prove-text = Firme este texto con la billetera que tiene la dirección. Así se ve que la clave está en sus manos; no se mueve dinero.
addresses-sign-with-bitcoin = Use «firmar mensaje» de su billetera, en la propia dirección.
addresses-sign-with-evm = Use «firmar mensaje» (personal_sign) de su billetera, desde la propia cuenta.
addresses-sign-with-tron = Use «firmar mensaje» (signMessageV2) de su billetera, desde la propia cuenta.
addresses-signature-label = Firma
addresses-prove-do = Comprobar la firma
addresses-proved = La firma es correcta: queda demostrado que la dirección es suya.
addresses-retire-title = Retirar la dirección
addresses-retire-text = Ningún pago nuevo la recibe. Se sigue vigilando, así que el dinero que aún llegue queda registrado. Puede recuperarla.
addresses-retire-held-text = Se queda con su pago hasta que termine; después ningún pago nuevo la recibe. Se sigue vigilando y puede recuperarla.
addresses-retire-do = Retirar
addresses-retired = La dirección está retirada: ningún pago nuevo la recibe. El dinero que aún llegue queda registrado.
addresses-retired-held = La dirección se queda con su pago hasta que termine; después ningún pago nuevo la recibe.
addresses-restore-title = Recuperar la dirección
addresses-restore-text = Los nuevos pagos podrán volver a recibirla.
addresses-restore-do = Recuperar
addresses-restored = La dirección vuelve a estar activa: los nuevos pagos pueden recibirla.
