#!/bin/sh
# enter.sh ROOT USER COMMAND...: runs a program in another Debian's root as one of its users.
# pivot_root and not chroot: inside a chroot the kernel refuses user namespaces, of which the web
# engine's sandbox is made. ROOT keeps its own name inside, so that paths mean the same.
set -eu
if [ "${PERSONA_ENTERED:-}" != yes ]; then
  export PERSONA_ENTERED=yes
  exec unshare --mount --propagation private -- "$0" "$@"
fi
unset PERSONA_ENTERED
root=$1
user=$2
shift 2
here=$(pwd)
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mkdir -p "$root$(dirname "$root")"
[ -e "$root$root" ] || ln -s / "$root$root"
mkdir -p "$root/.outside"
cd "$root"
pivot_root . .outside
umount -l /.outside
case $here in "$root"/*) cd "$here" ;; *) cd / ;; esac
unset QTWEBENGINE_DISABLE_SANDBOX PYTHONPATH PYTHONDONTWRITEBYTECODE
if [ "$user" = root ]; then exec "$@"; fi
export PATH=/usr/local/bin:/usr/bin:/bin
# The tests made the folders as root; they are this person's.
place=$here
while [ "$place" != / ] && [ "$place" != "$root" ]; do
  case $place in */home/"$user"/tests/*) chown "$user:" "$place" ;; */home/*) chmod a+x "$place" ;; esac
  place=$(dirname "$place")
done
case $here in */home/"$user"/tests/*) chown -R "$user:" "$(dirname "$here")" ;; esac
exec setpriv --reuid "$user" --regid "$user" --init-groups "$@"
