// Takes webhooks on port 8000: refuses what is not signed, and says which order is paid.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

// The APP_KEY of your endpoint, in base64 as it is shown.
const appKey = "your_webhook_secret"

type event struct {
	Event     string `json:"event"`
	Invoice   string `json:"invoice_id"`
	Order     string `json:"order_id"`
	Signature string `json:"signature"`
}

// isSigned tells whether a hex signature is that of a text; it takes the same time for every wrong one.
func isSigned(key []byte, text, signature string) bool {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	given, err := hex.DecodeString(signature)
	return err == nil && hmac.Equal(given, mac.Sum(nil))
}

func isGenuine(_ http.Header, body []byte) bool {
	var event event
	key, err := base64.StdEncoding.DecodeString(appKey)
	if err != nil || json.Unmarshal(body, &event) != nil {
		return false
	}
	return isSigned(key, event.Invoice+"."+event.Event, event.Signature)
}

func take(response http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(response, request.Body, 1<<20))
	if err != nil || !isGenuine(request.Header, body) {
		response.WriteHeader(http.StatusUnauthorized)
		return
	}
	var event event
	if err := json.Unmarshal(body, &event); err != nil {
		response.WriteHeader(http.StatusBadRequest)
		return
	}
	// The signature covers no amounts: ask for the invoice before you rely on one.
	// Store it here. The same webhook can come twice: act on each payment once.
	if event.Event == "payment.confirmed" {
		note := ""
		if request.Header.Get("X-Payd-Mode") == "test" {
			note = " (a test: do not deliver)"
		}
		fmt.Println(event.Order + " is paid" + note)
	}
	response.WriteHeader(http.StatusOK)
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8000"
	}
	http.HandleFunc("/", take)
	log.Fatal(http.ListenAndServe(":"+port, nil))
}
