## Dashboard: what stands around every page

office-skip = Skip to the page
office-store = Store
office-account = Your account:
office-sign-out = Sign out
office-navigation = Pages
office-waiting = to do
office-to-start = Go to the start page
office-not-found-title = Not found
office-not-found-text = There is no such page here, or it belongs to a store that you do not see.
office-forbidden-title = Not for your role
office-forbidden-text = This takes the role “{ $role }”. Ask an owner to do it, or to change your role.
office-foreign-title = Not sent from this page
office-foreign-text = The form was not sent from a page of this dashboard, or the page was open longer than you were signed in. Nothing was changed: go back, load the page again and repeat.
office-signed-out-title = Signed out
office-signed-out-text = You are not signed in, or not any more. Nothing was changed.
office-link-gone-title = This set-up link is not good any more
office-link-gone-text = It was used, or payd was started again and printed a new one. If payd is set up already, sign in.
office-too-many-title = Too many attempts
office-unread-title = Not read
office-unread-text = What was sent is too long, or ended early. Nothing was changed.
office-failed-title = That did not work
office-failed-text = payd could not do this because of an internal error; the log says more. Nothing was changed.
office-docs-text = How your shop speaks to payd: quick starts in six languages, and the reference.
office-docs-overview = Which of these is mine? Overview
office-docs-key = Fill in a test key
office-docs-key-hint = Makes a test key of this store and writes it into the programs, in this browser and for an hour. It stays in the list of your API keys.
role-owner = Owner
role-staff = Staff
role-read-only = Read only

## Dashboard: navigation

nav-overview = Overview
nav-payments = Payments
nav-counter = Point of sale
nav-inbox = Inbox
nav-balances = Balances
nav-donations = Donations
nav-addresses = Addresses
nav-webhooks = Webhooks
nav-keys = API keys
nav-widget = Payment widget
nav-settings = Store settings
nav-stores = Stores
nav-nodes = Nodes
nav-notices = Notifications
nav-users = Users
nav-audit-log = Audit log
nav-backup = Backup
nav-docs = Documentation
nav-about = About payd

## Dashboard: signing in

entry-sign-in-title = Sign in
entry-name-label = User name
entry-password-label = Password
entry-sign-in = Sign in
entry-wrong = The name or the password is wrong.
entry-too-many = Too many attempts failed. Try again in { $seconds } seconds.
