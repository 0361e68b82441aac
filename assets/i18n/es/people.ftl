## Dashboard: one’s own account

account-title = Su cuenta
account-password = Cambiar su contraseña
account-password-old = Su contraseña actual
account-password-new = Contraseña nueva
account-password-again = Repita la contraseña nueva
account-password-hint = Al menos diez caracteres. Aquí sigue con la sesión iniciada; en todos los demás sitios se cierra.
account-password-go = Cambiar contraseña
account-password-done = Se ha cambiado su contraseña. Se ha cerrado su sesión en todos los demás sitios.
account-language = Idioma
account-language-browser = El que pida el navegador
account-language-done = Se ha cambiado el idioma.
account-sessions = Dónde tiene la sesión iniciada
account-sessions-end = Cerrar las demás sesiones
account-sessions-done = Se ha cerrado su sesión en todos los demás sitios.
account-session-done = Se ha cerrado la sesión.
session-browser = Navegador
session-address = Desde dónde
session-since = Desde cuándo
session-seen = Último uso
session-this = Esta
session-end = Cerrar
people-save = Guardar
people-cancel = Cancelar
people-actions = Acciones
people-back-account = Volver a su cuenta
own-password = Su propia contraseña
own-password-wrong = Esta no es su contraseña.
password-too-short = Una contraseña tiene al menos { $length } caracteres.
password-too-long = Esta contraseña es demasiado larga.
password-too-plain = Esta contraseña es de las primeras que se adivinan. Use varias palabras o deje que la cree un gestor de contraseñas.
password-not-same = Las dos no coinciden.

## Dashboard: reached by a wrong name

entry-host-title = Con este nombre, no
entry-host-text = A este panel no se le ha indicado que tenga este nombre. Si es suyo, ponga en public_url, en la sección [dashboard] de la configuración, la dirección que ha escrito y vuelva a iniciar payd.

## Dashboard: the second factor

entry-second-title = Segundo paso
entry-second-label = Código de su aplicación o un código de recuperación
entry-second-hint = La aplicación de su teléfono muestra seis cifras, nuevas dos veces por minuto. Cada código sirve una vez.
entry-second-go = Continuar
entry-second-other = Entrar con otro usuario
entry-second-wrong = Este código es incorrecto, demasiado antiguo o ya se ha usado.
second-factor-title = Segundo paso al iniciar sesión
second-factor-is-on = Activado
second-factor-is-off = Desactivado
second-factor-why = Con un segundo paso, una contraseña robada no abre nada por sí sola: una aplicación de su teléfono genera un código para cada inicio de sesión.
second-factor-switch-on = Activar
second-factor-change = Códigos de recuperación, desactivar
second-factor-step-scan = 1. Añada payd a una aplicación de autenticación
second-factor-qr = Código QR para una aplicación de autenticación
second-factor-type = Escanéelo con la aplicación o escriba la clave en ella:
second-factor-open = Abrir en una aplicación de este dispositivo
second-factor-step-code = 2. Demuestre que funciona
second-factor-code = Las seis cifras que muestra la aplicación
second-factor-wrong-on = Este no es el código de esta clave. Compare la hora de su teléfono con la del servidor y escriba el código más reciente.
second-factor-off = Desactivar el segundo paso
second-factor-off-hint = Desde entonces bastará su contraseña para entrar, y los códigos de recuperación dejarán de valer.
second-factor-off-go = Desactivar
second-factor-off-done = Se ha desactivado el segundo paso.
recovery-title = Códigos de recuperación
recovery-once = Estos códigos solo se muestran esta vez. Cada uno le permite entrar una vez sin la aplicación: imprímalos o guárdelos en un gestor de contraseñas, no en el teléfono donde está la aplicación.
recovery-print = Imprimir
recovery-done = Los he guardado
recovery-left = { $count ->
    [one] Queda un código de recuperación.
   *[other] Quedan { $count } códigos de recuperación.
}
recovery-new = Códigos de recuperación nuevos
recovery-new-hint = Cuando queden pocos o alguien pueda haberlos visto. Los anteriores dejan de valer.
recovery-new-go = Crear códigos nuevos

## Dashboard: users

user-add = Añadir un usuario
user-new-title = Usuario nuevo
user-back = Todos los usuarios
user-role = Función
role-may-owner = Puede hacerlo todo: adónde va el dinero, claves, personas.
role-may-staff = El trabajo diario: pagos, bandeja de entrada, punto de venta, reenvío de webhooks.
role-may-read-only = Puede mirar y no cambia nada.
user-stores = Tiendas
user-all-stores = Todas las tiendas
user-some-stores = Solo estas:
user-self = Usted
user-disabled = Desactivado
user-since = Añadido
user-rights = Función y tiendas
user-where = Dónde iniciar sesión
user-name-wrong = Un nombre tiene 64 letras, cifras y . - _ @ como máximo, y empieza por una letra o cifra.
user-name-taken = Ya hay un usuario con este nombre.
user-role-missing = Elija una función.
user-store-missing = Elija al menos una tienda, o todas.
user-last-owner = Este es el último propietario que puede iniciar sesión. Antes, haga propietario a otro usuario.
user-owner-sees-all = Un propietario ve todas las tiendas.
own-password-for-owner = Su propia contraseña, para hacer propietario a alguien
user-add-done = Se ha añadido el usuario.
user-change-done = Se han cambiado la función y las tiendas.
user-password-made = payd crea una y la muestra una vez
user-password-typed = La escribo yo:
user-password-once = La contraseña solo se muestra esta vez. Désela en persona y pida que la cambie.
user-password-kept = La he guardado
user-password-new = Contraseña nueva
user-password-hint = Para quien ha olvidado la suya. Se cierra su sesión en todas partes.
user-password-go = Establecer contraseña
user-password-done = Se ha cambiado la contraseña. Se ha cerrado su sesión en todas partes.
user-second-factor-hint = Para quien ha perdido el teléfono y los códigos de recuperación. Asegúrese de que quien lo pide es esa persona.
user-second-factor-done = Se ha desactivado su segundo paso.
user-disable = Desactivar
user-disable-ask = Se cierra su sesión al instante y no puede volver a entrar hasta que usted lo active.
user-disable-go = Desactivar este usuario
user-disable-done = Se ha desactivado el usuario y se ha cerrado su sesión.
user-enable = Activar
user-enable-done = El usuario puede volver a entrar.
user-own-account = Su propia contraseña, su segundo paso y sus sesiones están en su cuenta.
user-sessions = Dónde tiene la sesión iniciada
user-sign-out = Cerrar todas sus sesiones
user-sign-out-done = Se ha cerrado su sesión en todas partes.
user-no-sessions = En ningún sitio.
people-copy = Copiar

## Dashboard: the audit log

log-export = Descargar como CSV
log-when = Cuándo
log-actor = Quién
log-action = Qué
log-subject = Sobre qué
log-detail = Detalle
log-everybody = Todos
log-everything = Todo
log-filter = Mostrar
log-all = Mostrar todo
log-empty = Aún no se ha hecho nada a mano.
log-pages = Entradas anteriores y posteriores
log-newest = Más recientes
log-older = Anteriores

## Dashboard: backup

backup-what = Un archivo con todo lo que sabe payd: la base de datos, tal como está en este momento, y el archivo de claves.
backup-database = Base de datos
backup-key = Archivo de claves
backup-secret = Los dos juntos lo son todo: claves de API, secretos de webhooks, accesos. Sin el archivo de claves, la base de datos no sirve. Guarde la copia donde nadie más la lea; mejor aún, los dos por separado. No contiene claves de billeteras: payd no tiene ninguna.
backup-go = Descargar la copia
backup-busy = Ya se está creando o descargando una copia de seguridad. Inténtelo de nuevo cuando termine.
backup-restore = Para restaurar
backup-restore-how = Detenga payd, descomprima ambos archivos en el directorio de datos en lugar de los que hay e inicie payd. Los pagos creados después de la copia no están en ella: antes del primer pago nuevo, haga que las direcciones de una clave de cuenta continúen más allá de todas las que se entregaron.
backup-cli = Para copias automáticas, cada noche, existe el comando:

## Dashboard: about payd

about-version = Versión
about-target = Compilado para
about-rust = Compilado con
about-licence = Licencia
about-started = En marcha desde
about-minutes = { $count ->
    [one] un minuto
   *[other] { $count } minutos
}
about-hours = { $count ->
    [one] una hora
   *[other] { $count } horas
}
about-days = { $count ->
    [one] un día
   *[other] { $count } días
}
about-database = Base de datos
about-schema = esquema { $version }
about-place = Directorio de datos
about-listens-customers = Escucha a clientes y tiendas en
about-listens-dashboard = Escucha al panel en
about-listens-metrics = Escucha a las métricas en
about-licences = De quién es el trabajo que hay en payd
about-licences-text = payd está hecho con estos paquetes libres, por licencia.
