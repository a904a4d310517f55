#!/bin/sh
# Installs Debian packages as root: those given as arguments, or all of debian-packages.txt.
set -eu
here=$(dirname "$0")
[ $# -gt 0 ] || set -- $(awk '!/^#/ && NF { print $2 }' "$here/debian-packages.txt")
export DEBIAN_FRONTEND=noninteractive
# Do not let a package such as nginx start its service, which would take port 80: only the programs are needed.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
apt-get install -y -qq --no-install-recommends "$@"
