"""What every router of the comparison serves: a handler per route, which says its number and nothing else."""
import json
import sys

given = json.loads(sys.argv[1])
routes, prefixes, folder = given["routes"], given["prefixes"], given["folder"]
