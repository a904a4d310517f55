#!/bin/sh
# Installs Debian packages as root: those given, or all of debian-packages.txt. Stops no running service.
set -eu
here=$(dirname "$0")
[ $# -gt 0 ] || set -- $(awk '!/^#/ && NF { print $2 }' "$here/debian-packages.txt")
export DEBIAN_FRONTEND=noninteractive
# A package such as nginx would start its service and take port 80: packages are wanted as programs only.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
apt-get install -y -qq --no-install-recommends "$@"
