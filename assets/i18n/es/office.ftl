## Dashboard: what stands around every page

office-skip = Ir al contenido
office-store = Tienda
office-account = Su cuenta:
office-sign-out = Cerrar sesión
office-navigation = Páginas
office-waiting = pendientes
office-to-start = Ir a la página de inicio
office-not-found-title = No encontrado
office-not-found-text = Aquí no existe esa página, o pertenece a una tienda que usted no ve.
office-forbidden-title = No permitido para su función
office-forbidden-text = Para esto hace falta la función «{ $role }». Pida a un propietario que lo haga o que cambie su función.
office-foreign-title = No enviado desde esta página
office-foreign-text = El formulario no se envió desde una página de este panel, o la página estuvo abierta más tiempo que su sesión. No se ha cambiado nada: vuelva atrás, recargue la página y repítalo.
office-signed-out-title = Sesión cerrada
office-signed-out-text = No ha iniciado sesión o ya se ha cerrado. No se ha cambiado nada.
office-link-gone-title = Este enlace de configuración ya no sirve
office-link-gone-text = Ya se usó, o payd se reinició y mostró uno nuevo. Si payd ya está configurado, inicie sesión.
office-too-many-title = Demasiados intentos
office-unread-title = No leído
office-unread-text = Lo que se envió es demasiado largo o llegó incompleto. No se ha cambiado nada.
office-failed-title = No ha funcionado
office-failed-text = payd no ha podido hacerlo por un error interno; el registro dice más. No se ha cambiado nada.
office-docs-text = Cómo habla su tienda con payd: inicios rápidos en seis lenguajes y la referencia.
office-docs-overview = ¿Cuál es la mía? Resumen
office-docs-key = Poner una clave de prueba
office-docs-key-hint = Crea una clave de prueba de esta tienda y la escribe en los programas, en este navegador y durante una hora. Queda en la lista de sus claves de API.
role-owner = Propietario
role-staff = Personal
role-read-only = Solo lectura

## Dashboard: navigation

nav-overview = Resumen
nav-payments = Pagos
nav-counter = Punto de venta
nav-inbox = Bandeja de entrada
nav-balances = Saldos
nav-donations = Donaciones
nav-addresses = Direcciones
nav-webhooks = Webhooks
nav-keys = Claves de API
nav-widget = Widget de pago
nav-settings = Ajustes de la tienda
nav-stores = Tiendas
nav-nodes = Nodos
nav-notices = Notificaciones
nav-users = Usuarios
nav-audit-log = Registro de auditoría
nav-backup = Copia de seguridad
nav-docs = Documentación
nav-about = Acerca de payd

## Dashboard: signing in

entry-sign-in-title = Iniciar sesión
entry-name-label = Nombre de usuario
entry-password-label = Contraseña
entry-sign-in = Iniciar sesión
entry-wrong = El nombre o la contraseña son incorrectos.
entry-too-many = Demasiados intentos fallidos. Inténtelo de nuevo en { $seconds } segundos.
