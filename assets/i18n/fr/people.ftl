## Dashboard: one’s own account

account-title = Votre compte
account-password = Changer votre mot de passe
account-password-old = Votre mot de passe actuel
account-password-new = Nouveau mot de passe
account-password-again = Nouveau mot de passe, encore une fois
account-password-hint = Au moins dix caractères. Vous restez connecté ici et êtes déconnecté partout ailleurs.
account-password-go = Changer le mot de passe
account-password-done = Votre mot de passe a été changé. Vous avez été déconnecté partout ailleurs.
account-language = Langue
account-language-browser = Celle du navigateur
account-language-done = La langue a été changée.
account-sessions = Où vous êtes connecté
account-sessions-end = Se déconnecter partout ailleurs
account-sessions-done = Vous avez été déconnecté partout ailleurs.
account-session-done = La session a été fermée.
session-browser = Navigateur
session-address = Depuis l’adresse
session-since = Depuis le
session-seen = Dernière activité
session-this = Celle-ci
session-end = Fermer
people-save = Enregistrer
people-cancel = Annuler
people-actions = Actions
people-back-account = Retour à votre compte
own-password = Votre propre mot de passe
own-password-wrong = Ce n’est pas votre mot de passe.
password-too-short = Un mot de passe a au moins { $length } caractères.
password-too-long = Ce mot de passe est trop long.
password-too-plain = Ce mot de passe est parmi les premiers que l’on devinerait. Prenez plusieurs mots, ou laissez un gestionnaire de mots de passe en créer un.
password-not-same = Les deux ne sont pas identiques.

## Dashboard: reached by a wrong name

entry-host-title = Pas sous ce nom
entry-host-text = Ce tableau de bord ne sait pas qu’il porte ce nom. S’il est à vous, donnez à public_url, dans la section [dashboard] de la configuration, l’adresse que vous avez saisie, puis redémarrez payd.

## Dashboard: the second factor

entry-second-title = Seconde étape
entry-second-label = Code de votre application, ou code de secours
entry-second-hint = L’application de votre téléphone affiche six chiffres, renouvelés deux fois par minute. Chaque code sert une fois.
entry-second-go = Continuer
entry-second-other = Se connecter sous un autre nom
entry-second-wrong = Ce code est faux, trop ancien ou déjà utilisé.
second-factor-title = Seconde étape à la connexion
second-factor-is-on = Activée
second-factor-is-off = Désactivée
second-factor-why = Avec une seconde étape, un mot de passe volé n’ouvre rien à lui seul : une application sur votre téléphone crée un code à chaque connexion.
second-factor-switch-on = Activer
second-factor-change = Codes de secours, désactivation
second-factor-step-scan = 1. Ajoutez payd à une application d’authentification
second-factor-qr = Code QR pour une application d’authentification
second-factor-type = Scannez ceci avec l’application, ou saisissez-y la clé :
second-factor-open = Ouvrir dans une application de cet appareil
second-factor-step-code = 2. Montrez que cela fonctionne
second-factor-code = Les six chiffres que l’application affiche
second-factor-wrong-on = Ce n’est pas le code de cette clé. Comparez l’heure de votre téléphone à celle du serveur et saisissez le code le plus récent.
second-factor-off = Désactiver la seconde étape
second-factor-off-hint = Dès lors, votre mot de passe suffit pour entrer, et les codes de secours ne valent plus rien.
second-factor-off-go = Désactiver
second-factor-off-done = La seconde étape a été désactivée.
recovery-title = Codes de secours
recovery-once = Ces codes ne sont affichés que cette fois. Chacun vous laisse entrer une fois sans l’application : imprimez-les ou gardez-les dans un gestionnaire de mots de passe, pas sur le téléphone qui a l’application.
recovery-print = Imprimer
recovery-done = Je les ai gardés
recovery-left = { $count ->
    [one] Il reste { $count } code de secours.
   *[other] Il reste { $count } codes de secours.
}
recovery-new = Nouveaux codes de secours
recovery-new-hint = Quand il en reste peu, ou si quelqu’un a pu les voir. Les anciens ne valent alors plus rien.
recovery-new-go = Créer de nouveaux codes

## Dashboard: users

user-add = Ajouter un utilisateur
user-new-title = Nouvel utilisateur
user-back = Tous les utilisateurs
user-role = Rôle
role-may-owner = Peut tout faire : où va l’argent, clés, personnes.
role-may-staff = Le travail du jour : paiements, boîte de réception, caisse, renvoi de webhooks.
role-may-read-only = Peut regarder, sans rien modifier.
user-stores = Boutiques
user-all-stores = Toutes les boutiques
user-some-stores = Seulement celles-ci :
user-self = Vous
user-disabled = Désactivé
user-since = Ajouté
user-rights = Rôle et boutiques
user-where = Où se connecter
user-name-wrong = Un nom a jusqu’à 64 lettres, chiffres et . - _ @, et commence par une lettre ou un chiffre.
user-name-taken = Un utilisateur porte déjà ce nom.
user-role-missing = Choisissez un rôle.
user-store-missing = Choisissez au moins une boutique, ou toutes.
user-last-owner = C’est le dernier propriétaire qui peut se connecter. Nommez d’abord un autre propriétaire.
user-owner-sees-all = Un propriétaire voit toutes les boutiques.
own-password-for-owner = Votre propre mot de passe, pour nommer un propriétaire
user-add-done = L’utilisateur a été ajouté.
user-change-done = Le rôle et les boutiques ont été modifiés.
user-password-made = payd en crée un et l’affiche une fois
user-password-typed = J’en saisis un :
user-password-once = Le mot de passe n’est affiché que cette fois. Remettez-le en personne et faites-le changer.
user-password-kept = C’est noté
user-password-new = Nouveau mot de passe
user-password-hint = Pour quelqu’un qui a oublié le sien. La personne est déconnectée partout.
user-password-go = Définir le mot de passe
user-password-done = Le mot de passe a été changé. La personne est déconnectée partout.
user-second-factor-hint = Pour quelqu’un qui a perdu le téléphone et les codes de secours. Assurez-vous que c’est bien cette personne qui le demande.
user-second-factor-done = Sa seconde étape a été désactivée.
user-disable = Désactiver
user-disable-ask = La personne est déconnectée aussitôt et ne peut plus se connecter tant que vous ne l’avez pas réactivée.
user-disable-go = Désactiver cet utilisateur
user-disable-done = L’utilisateur a été désactivé et déconnecté.
user-enable = Réactiver
user-enable-done = L’utilisateur peut à nouveau se connecter.
user-own-account = Votre mot de passe, votre seconde étape et vos sessions sont dans votre compte.
user-sessions = Où cet utilisateur est connecté
user-sign-out = Déconnecter partout
user-sign-out-done = L’utilisateur a été déconnecté partout.
user-no-sessions = Nulle part.
people-copy = Copier

## Dashboard: the audit log

log-export = Télécharger en CSV
log-when = Quand
log-actor = Qui
log-action = Quoi
log-subject = Sur quoi
log-detail = Détail
log-everybody = Tout le monde
log-everything = Tout
log-filter = Afficher
log-all = Tout afficher
log-empty = Rien n’a encore été fait à la main.
log-pages = Entrées plus anciennes et plus récentes
log-newest = Plus récentes
log-older = Plus anciennes

## Dashboard: backup

backup-what = Un fichier avec tout ce que payd sait : la base de données, telle qu’elle est en ce moment, et le fichier de clé.
backup-database = Base de données
backup-key = Fichier de clé
backup-secret = Ensemble, les deux sont tout : clés API, secrets de webhooks, connexions. La base ne sert à rien sans le fichier de clé. Gardez la copie là où personne d’autre ne la lit, mieux encore les deux séparément. Elle ne contient aucune clé de portefeuille : payd n’en a pas.
backup-go = Télécharger la sauvegarde
backup-busy = Une sauvegarde est déjà en cours de création ou de téléchargement. Réessayez quand elle sera terminée.
backup-restore = Pour restaurer
backup-restore-how = Arrêtez payd, extrayez les deux fichiers dans le dossier de données à la place de ceux qui s’y trouvent, démarrez payd. Les paiements créés après la sauvegarde n’y sont pas : avant le premier nouveau paiement, faites reprendre les adresses d’une clé de compte au-delà de toutes celles déjà attribuées.
backup-cli = Pour des sauvegardes automatiques, chaque nuit, il y a la commande :

## Dashboard: about payd

about-version = Version
about-target = Compilé pour
about-rust = Compilé avec
about-licence = Licence
about-started = En marche depuis
about-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
about-hours = { $count ->
    [one] { $count } heure
   *[other] { $count } heures
}
about-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}
about-database = Base de données
about-schema = schéma { $version }
about-place = Dossier de données
about-listens-customers = Écoute pour les clients et les boutiques
about-listens-dashboard = Écoute pour le tableau de bord
about-listens-metrics = Écoute pour les métriques
about-licences = Ceux dont le travail est dans payd
about-licences-text = payd est fait de ces logiciels libres, classés par licence.
