## Dashboard: what stands around every page

office-skip = Aller à la page
office-store = Boutique
office-account = Votre compte :
office-sign-out = Se déconnecter
office-navigation = Pages du tableau de bord
office-waiting = à traiter
office-to-start = Aller à la page d’accueil
office-not-found-title = Introuvable
office-not-found-text = Cette page n’existe pas ici, ou elle appartient à une boutique que vous ne voyez pas.
office-forbidden-title = Pas pour votre rôle
office-forbidden-text = Il faut le rôle « { $role } ». Demandez à un propriétaire de s’en charger ou de changer votre rôle.
office-foreign-title = Non envoyé depuis cette page
office-foreign-text = Le formulaire n’a pas été envoyé depuis une page de ce tableau de bord, ou la page est restée ouverte plus longtemps que votre connexion. Rien n’a été modifié : revenez en arrière, rechargez la page et recommencez.
office-signed-out-title = Déconnecté
office-signed-out-text = Vous n’êtes pas connecté, ou vous ne l’êtes plus. Rien n’a été modifié.
office-link-gone-title = Ce lien d’installation n’est plus valable
office-link-gone-text = Il a été utilisé, ou payd a redémarré et en a affiché un nouveau. Si payd est déjà configuré, connectez-vous.
office-too-many-title = Trop de tentatives
office-unread-title = Non lu
office-unread-text = L’envoi est trop long, ou s’est interrompu. Rien n’a été modifié.
office-failed-title = L’opération n’a pas abouti
office-failed-text = payd n’a pas pu faire cela à cause d’une erreur interne ; le journal en dit plus. Rien n’a été modifié.
office-docs-text = Comment votre boutique parle à payd : des exemples dans six langages, et la référence.
office-docs-overview = Laquelle est la mienne ? Vue d’ensemble
office-docs-key = Mettre une clé de test
office-docs-key-hint = Crée une clé de test de cette boutique et l’écrit dans les programmes, dans ce navigateur et pour une heure. Elle reste dans la liste de vos clés d’API.
role-owner = Propriétaire
role-staff = Équipe
role-read-only = Lecture seule

## Dashboard: navigation

nav-overview = Vue d’ensemble
nav-payments = Paiements
nav-counter = Caisse
nav-inbox = Boîte de réception
nav-balances = Soldes
nav-donations = Dons
nav-addresses = Adresses
nav-webhooks = Webhooks
nav-keys = Clés API
nav-widget = Widget de paiement
nav-settings = Réglages de la boutique
nav-stores = Boutiques
nav-nodes = Nœuds
nav-notices = Notifications
nav-users = Utilisateurs
nav-audit-log = Journal d’audit
nav-backup = Sauvegarde
nav-docs = Documentation
nav-about = À propos de payd

## Dashboard: signing in

entry-sign-in-title = Connexion
entry-name-label = Nom d’utilisateur
entry-password-label = Mot de passe
entry-sign-in = Se connecter
entry-wrong = Le nom ou le mot de passe est faux.
entry-too-many = Trop de tentatives ont échoué. Réessayez dans { $seconds } secondes.
