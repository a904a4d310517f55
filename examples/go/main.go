package main

import (
	"fmt"
	"net/http"
	"os"
	"runtime"

	"rsc.io/quote"
)

func main() {
	http.HandleFunc("/", func(response http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(response, "%s: %s", runtime.Version(), quote.Go())
	})
	if err := http.ListenAndServe(":"+os.Getenv("PORT"), nil); err != nil {
		panic(err)
	}
}
