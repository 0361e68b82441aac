## Dashboard: one’s own account

account-title = Your account
account-password = Change your password
account-password-old = Your password now
account-password-new = New password
account-password-again = New password again
account-password-hint = At least ten characters. You stay signed in here, and are signed out everywhere else.
account-password-go = Change password
account-password-done = Your password was changed. You were signed out everywhere else.
account-language = Language
account-language-browser = As the browser asks for
account-language-done = The language was changed.
account-sessions = Where you are signed in
account-sessions-end = Sign out everywhere else
account-sessions-done = You were signed out everywhere else.
account-session-done = The session was ended.
session-browser = Browser
session-address = From
session-since = Since
session-seen = Last used
session-this = This one
session-end = End
people-save = Save
people-cancel = Cancel
people-actions = Actions
people-back-account = Back to your account
own-password = Your own password
own-password-wrong = This is not your password.
password-too-short = A password has at least { $length } characters.
password-too-long = This password is too long.
password-too-plain = This password is among the first to be guessed. Take several words, or let a password manager make one.
password-not-same = The two are not the same.

## Dashboard: reached by a wrong name

entry-host-title = Not by this name
entry-host-text = This dashboard is not told that it has this name. If it is yours, set public_url in the section [dashboard] of the configuration to the address that you typed, and start payd again.

## Dashboard: the second factor

entry-second-title = Second step
entry-second-label = Code of your app, or a recovery code
entry-second-hint = The app on your phone shows six digits, new ones twice a minute. Each code works once.
entry-second-go = Go on
entry-second-other = Sign in as somebody else
entry-second-wrong = This code is wrong, too old, or was used before.
second-factor-title = Second step at sign-in
second-factor-is-on = On
second-factor-is-off = Off
second-factor-why = With a second step, a stolen password alone opens nothing: an app on your phone makes a code for each sign-in.
second-factor-switch-on = Switch on
second-factor-change = Recovery codes, switch off
second-factor-step-scan = 1. Add payd to an authenticator app
second-factor-qr = QR code for an authenticator app
second-factor-type = Scan this with the app, or type the key into it:
second-factor-open = Open in an app on this device
second-factor-step-code = 2. Show that it works
second-factor-code = The six digits that the app shows
second-factor-wrong-on = This is not the code of this key. Compare the clock of your phone with that of the server, and type the newest code.
second-factor-off = Switch the second step off
second-factor-off-hint = From then on your password alone lets you in, and the recovery codes are void.
second-factor-off-go = Switch off
second-factor-off-done = The second step was switched off.
recovery-title = Recovery codes
recovery-once = These codes are shown this once. Each lets you in once without the app: print them, or keep them in a password manager, not on the phone with the app.
recovery-print = Print
recovery-done = I have kept them
recovery-left = { $count ->
    [one] One recovery code is left.
   *[other] { $count } recovery codes are left.
}
recovery-new = New recovery codes
recovery-new-hint = When few are left, or somebody may have seen them. The old ones are void then.
recovery-new-go = Make new codes

## Dashboard: users

user-add = Add a user
user-new-title = New user
user-back = All users
user-role = Role
role-may-owner = May do everything: where money goes, keys, people.
role-may-staff = The day’s work: payments, the inbox, the point of sale, sending webhooks again.
role-may-read-only = May look, and change nothing.
user-stores = Stores
user-all-stores = All stores
user-some-stores = Only these:
user-self = You
user-disabled = Switched off
user-since = Added
user-rights = Role and stores
user-where = Where to sign in
user-name-wrong = A name has up to 64 letters, digits and . - _ @ and begins with a letter or digit.
user-name-taken = There is a user of this name already.
user-role-missing = Choose a role.
user-store-missing = Choose at least one store, or all.
user-last-owner = This is the last owner who can sign in. Make somebody else an owner first.
user-owner-sees-all = An owner sees every store.
own-password-for-owner = Your own password, to make somebody an owner
user-add-done = The user was added.
user-change-done = Role and stores were changed.
user-password-made = payd makes one and shows it once
user-password-typed = I type one:
user-password-once = The password is shown this once. Give it to them in person, and have them change it.
user-password-kept = I have kept it
user-password-new = New password
user-password-hint = For somebody who forgot theirs. They are signed out everywhere.
user-password-go = Set the password
user-password-done = The password was changed. They are signed out everywhere.
user-second-factor-hint = For somebody who lost the phone and the recovery codes. Make sure that it is them who ask.
user-second-factor-done = Their second step was switched off.
user-disable = Switch off
user-disable-ask = They are signed out at once and cannot sign in again until you switch them on.
user-disable-go = Switch this user off
user-disable-done = The user was switched off and signed out.
user-enable = Switch on
user-enable-done = The user may sign in again.
user-own-account = Password, second step and sessions of your own are in your account.
user-sessions = Where they are signed in
user-sign-out = Sign out everywhere
user-sign-out-done = They were signed out everywhere.
user-no-sessions = Nowhere.
people-copy = Copy

## Dashboard: the audit log

log-export = Download as CSV
log-when = When
log-actor = Who
log-action = What
log-subject = Of what
log-detail = Detail
log-everybody = Everybody
log-everything = Everything
log-filter = Show
log-all = Show all
log-empty = Nothing was done by hand yet.
log-pages = Earlier and later entries
log-newest = Newest
log-older = Older

## Dashboard: backup

backup-what = One file with everything payd knows: the database, as it is at this moment, and the key file.
backup-database = Database
backup-key = Key file
backup-secret = Together the two are everything: API keys, webhook secrets, sign-ins. The database is of no use without the key file. Keep the copy where nobody else reads it, better still the two apart. No wallet keys are in it: payd has none.
backup-go = Download the backup
backup-busy = A backup is being made or downloaded already. Try again when it is done.
backup-restore = To restore
backup-restore-how = Stop payd, unpack both files into the data directory in place of those there, start payd. Payments made after the backup are not in it: before the first new payment, have addresses of an account key go on beyond all that were given out.
backup-cli = For backups by themselves, every night, there is the command:

## Dashboard: about payd

about-version = Version
about-target = Built for
about-rust = Built with
about-licence = Licence
about-started = Running since
about-minutes = { $count ->
    [one] one minute
   *[other] { $count } minutes
}
about-hours = { $count ->
    [one] one hour
   *[other] { $count } hours
}
about-days = { $count ->
    [one] one day
   *[other] { $count } days
}
about-database = Database
about-schema = schema { $version }
about-place = Data directory
about-listens-customers = Listens for customers and shops
about-listens-dashboard = Listens for the dashboard
about-listens-metrics = Listens for metrics
about-licences = Whose work is in payd
about-licences-text = payd is built from these free packages, by licence.
